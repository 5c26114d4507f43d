import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { sandboxDown } from '../../../lib/sandbox/down.ts'
import type { SandboxOptions } from '../../../lib/sandbox/options.ts'
import type { OpenSandbox } from '../../../lib/sandbox/sandbox.ts'
import { openSandbox } from '../../../lib/sandbox/sandbox.ts'
import { temporaryFolder } from './rig.ts'

/** The root of a workspace whose sandbox is ended when the test is over. */
export function workspace(): string {
  const root = join(temporaryFolder(), 'workspace')
  mkdirSync(root)
  onTestFinished(async () => void (await sandboxDown({ root, remove: true })))
  return root
}

/** A small sandbox that keeps a diary, in the workspace's folder, of what was asked of it. */
export function sampleOptions(
  root: string,
  changed: Partial<SandboxOptions<Config>> = {},
): SandboxOptions<Config> {
  return {
    hosts: { master: 1, slaves: 2 },
    ports: ['web', 'admin'],
    standIns: join(root, 'stand-ins'),
    config: ({ ports }) => ({ web: ports.web!, admin: ports.admin! }),
    async furnish(host, { ports }) {
      appendFileSync(diaryOf(root), `furnish ${host.name}\n`)
      writeFileSync(join(host.root, 'etc', 'port'), `${ports.web}\n`)
    },
    services: (host) => (host.role === 'master' ? [sampleService] : []),
    ...changed,
  }
}

export interface Config {
  web: number
  admin: number
}

/** Notes each of its starts, in its host's root, and then only lives. */
export const sampleService = {
  name: 'sample',
  argv: ['sh', '-c', 'echo "started with $WORD" >>starts; echo hello; exec tail -f /dev/null'],
  env: { WORD: 'one two' },
}

export function diary(root: string): string[] {
  return existsSync(diaryOf(root)) ? readFileSync(diaryOf(root), 'utf8').trim().split('\n').sort() : []
}

/** Opened with the sample's options until the test is over. */
export async function opened(
  root: string,
  how: { looking?: boolean; options?: SandboxOptions<Config> } = {},
): Promise<OpenSandbox<Config>> {
  const options = how.options ?? sampleOptions(root)
  const sandbox = await openSandbox({ root, options, looking: how.looking ?? false })
  onTestFinished(() => sandbox.close())
  return sandbox
}

export function hostRoot(root: string, host: string): string {
  return join(root, '.cache', 'sandbox', 'hosts', host)
}

/** Every file below a folder with all that a write would change. */
export function snapshot(folder: string): Record<string, string> {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    ['.', ...all].map((path) => {
      const { mode, size, mtimeMs, ctimeMs, ino } = lstatSync(join(folder, path))
      return [path, [mode, size, mtimeMs, ctimeMs, ino].join(' ')]
    }),
  )
}

/** Starts a program of `programs/` in a process of its own; `beforehand` is what bash does first in the same process. */
export function start(program: string, args: string[], { beforehand = ':' } = {}): ChildProcess {
  const path = fileURLToPath(new URL(`programs/${program}.ts`, import.meta.url))
  const node = [process.execPath, '--import', 'tsx', path, ...args]
  const child = spawn('bash', ['-c', `${beforehand}; exec "$0" "$@"`, ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** What a program writes until it writes a whole line that matches. */
export function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', (piece) => {
      text += piece
      const line = text
        .split('\n')
        .slice(0, -1)
        .find((line) => pattern.test(line))
      if (line !== undefined) resolve(line)
    })
    child.once('close', () => reject(new Error(`the program ended without a line like ${pattern}: ${text}`)))
  })
}

function diaryOf(root: string): string {
  return join(root, 'diary')
}

export function linksOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
}
