import { startDockerDaemon } from '../setup/docker-daemon.mjs'

/** @returns what ends the daemon, if this started it */
export default async function setup() {
  const { stop } = await startDockerDaemon()
  return stop
}
