import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { standIns } from '../../../tasks/sandbox/stand-ins.ts'

export interface Outcome {
  status: number | null
  stdout: string
  stderr: string
}

export interface Asked {
  cwd?: string
  env?: Record<string, string>
  input?: string
}

/** A host's folder with the stand-ins first on PATH, and what runs in it. */
export interface Box {
  root: string
  path(name: string): string
  write(name: string, content: string): string
  read(name: string): string
  /** Runs a line of bash in the box. */
  run(command: string, asked?: Asked): Outcome
  /** Starts a program that is ended with the box. `output()` is what it wrote so far. */
  start(argv: string[], env?: Record<string, string>): Started
  close(): Promise<void>
}

export interface Started {
  child: ChildProcess
  output(): string
  /** Exit status or signal, once it has ended. */
  ended: Promise<number | string | null>
  end(): Promise<void>
}

/** How long a line of bash may take: one that was to be refused may have started a server instead. */
const limit = { timeout: 60_000, killSignal: 'SIGKILL' } as const

export function openBox(): Box {
  const root = mkdtempSync(join(tmpdir(), 'box-'))
  const environment = {
    PATH: [standIns, dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
    HOME: root,
    LANG: 'C.UTF-8',
    ROOT: root,
  }
  const path = (name: string) => join(root, name)
  const running = new Set<Started>()
  mkdirSync(path('tmp'))
  return {
    root,
    path,
    write(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true })
      writeFileSync(path(name), content)
      return path(name)
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    run(command, { cwd = root, env, input } = {}) {
      const options = { cwd, env: { ...environment, ...env }, input, encoding: 'utf8', ...limit } as const
      const { status, stdout, stderr, error } = spawnSync('bash', ['-c', command], options)
      if (error) throw error
      return { status, stdout, stderr }
    },
    start(argv, env) {
      const started = startProgram(argv, { ...environment, ...env }, root)
      running.add(started)
      return started
    },
    async close() {
      await Promise.all([...running].map((program) => program.end()))
      rmSync(root, { recursive: true })
    },
  }
}

function startProgram([program, ...args]: string[], env: Record<string, string>, cwd: string): Started {
  const child = spawn(program!, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (text += chunk))
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  return {
    child,
    output: () => text,
    ended,
    async end() {
      child.kill()
      await ended
    },
  }
}

/** The names' free ports on loopback. */
export async function freePorts(names: string[]): Promise<Record<string, number>> {
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return Object.fromEntries(names.map((name, index) => [name, ports[index]!]))
}

/** Expects success, and shows what was said where there is none. */
export function expectDone({ status, stdout, stderr }: Outcome): void {
  expect(status, `${stdout}${stderr}`).toBe(0)
}

/** Expects a refusal of that status, in words that match. */
export function expectRefused(outcome: Outcome, status: number, words: RegExp): void {
  expect(outcome.stderr + outcome.stdout).toMatch(words)
  expect(outcome.status).toBe(status)
}
