import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Refusal } from './refusal.ts'

/** What a command cost, with every process that it waited for. A daemon that it left behind is not in it. */
export interface Measured {
  seconds: number
  /** User and system time, in seconds. */
  cpu: number
  /** Peak resident memory of the biggest process, in bytes. */
  rss: number
  exitCode: number
  /** All that it printed. */
  output: string
}

export interface Place {
  cwd: string
  /** HOME, temporary files, what was printed last. */
  scratch: string
  signal?: AbortSignal
}

const meter = fileURLToPath(new URL('meter.py', import.meta.url))

/** Runs a command in a minimal environment: inherited variables of Node can triple what its start costs. */
export async function measure(
  command: string[],
  { cwd, scratch, signal }: Place,
  env: Record<string, string> = {},
): Promise<Measured> {
  const printed = join(scratch, 'printed.txt')
  const child = spawn('python3', ['-I', '-S', meter, printed, ...command], {
    cwd,
    env: { ...minimalEnvironment(scratch), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = () => child.kill()
  signal?.addEventListener('abort', end)
  const [result, complaint] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  signal?.removeEventListener('abort', end)
  signal?.throwIfAborted()
  if (child.exitCode !== 0) throw new Refusal(`\`${command.join(' ')}\` could not be measured:\n${complaint}`)
  return { ...JSON.parse(result), output: readFileSync(printed, 'utf8') }
}

function minimalEnvironment(scratch: string): Record<string, string> {
  const home = join(scratch, 'home')
  const temporary = join(scratch, 'tmp')
  for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true })
  const folders = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin']
  return {
    PATH: folders.join(':'),
    HOME: home,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    npm_config_update_notifier: 'false',
  }
}
