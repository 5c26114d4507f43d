import type { Reason, RemoteHost } from '../../lib/index.ts'
import { services } from '../known/layout.ts'

/** Asks on the host whether the service at a port is healthy, and each of these variables 1: by the script that `start` left there. */
export async function askHealth(
  { ask, root }: RemoteHost,
  port: number,
  variables: string[] = [],
): Promise<Reason[]> {
  const script = `${root}${services}/aurora_health.sh`
  const { exitCode, stdout, stderr } = await ask(['bash', script, String(port), ...variables])
  if (exitCode === 0) return []
  const detail = (stdout.trim() || stderr.trim()).split('\n').at(-1)!
  return [{ kind: 'probe-failed', detail }]
}
