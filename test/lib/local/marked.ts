import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { killProcesses } from '../../../lib/local/end-processes.ts'
import { findProcess, findProcesses } from '../../../lib/local/processes.ts'
import { until } from '../../rig/until.ts'

/**
 * A shell that leads a group, with an environment entry of its own, once it has printed a line: `numbers` are those in it.
 * What it starts ends with the test.
 */
export async function marked(script: string, entry = `TEST_ENTRY=${randomUUID()}`) {
  const [name, value] = entry.split('=') as [string, string]
  const child = spawn('bash', ['-c', script], {
    detached: true,
    // Without SHLVL, bash takes its stdin for that of a remote login, and reads ~/.bashrc.
    env: { PATH: process.env.PATH, SHLVL: '1', [name]: value },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => killProcesses(findProcesses(entry)))
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text))
  await until(() => printed.includes('\n'))
  return { entry, child, pid: child.pid!, ended, numbers: printed.match(/\d+/g)?.map(Number) ?? [] }
}

/** A process that lives, and a child of it that has ended without its taking note. */
export async function zombie() {
  const it = await marked('exec 3<&0; (read -r <&3) & echo $!; exec sleep 600')
  await until(() => findProcess(it.pid)?.command === 'sleep 600')
  const [zombiePid] = it.numbers as [number]
  const started = findProcess(zombiePid)!.started
  it.child.stdin.end()
  await until(() => findProcess(zombiePid) === undefined)
  return { ...it, zombiePid, started }
}
