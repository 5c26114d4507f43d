import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const patienceMs = 60_000

/** Starts `dockerd` unless one answers already; `stop()` ends the one that this started, and no other. */
export async function startDockerDaemon() {
  if (answers()) return { stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'dockerd-'))
  const log = join(folder, 'log')
  console.log(`Starting dockerd for the tests (log: ${log})`)
  const output = openSync(log, 'a')
  // A pid file of its own: the usual one may be left from a daemon that was killed.
  const daemon = spawn('dockerd', ['--pidfile', join(folder, 'pid')], {
    detached: true,
    stdio: ['ignore', output, output],
  })
  const ended = new Promise((resolve) => daemon.on('exit', resolve).on('error', resolve))
  const stop = async () => {
    daemon.kill('SIGTERM')
    await ended
  }
  const deadline = Date.now() + patienceMs
  while (!answers()) {
    if (Date.now() > deadline || (await Promise.race([ended.then(() => true), pause(500)]))) {
      await stop()
      const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-10).join('\n')
      throw new Error(`dockerd did not start; its last lines (${log}):\n${tail}`)
    }
  }
  return { stop }
}

function answers() {
  return spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0
}
