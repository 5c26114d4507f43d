import type { SpawnOptions, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { Failed, type Failure } from '../model/failure.ts'
import type { Shell } from '../model/shell.ts'
import { Captured } from './captured.ts'
import { Forgotten } from './forgotten.ts'
import type { ProcessGroups } from './process-groups.ts'
import { atReadersPace } from './readers-pace.ts'
import { startCommand } from './start-command.ts'
import { untraced } from './untraced.ts'

export interface ShellOptions {
  cwd: string
  env: Record<string, string>
  groups: ProcessGroups
  /** Throws where no further command may run. Ending those that run is up to whoever holds `groups`. */
  mayRun(): void
  /** Told of each command once it runs. */
  onStart(): void
  onOutput(stream: 'stdout' | 'stderr', text: string): void
}

export interface BoundShell {
  $: Shell
  /** Commands that nobody has waited for. */
  forgotten: Forgotten
  /** The failure in what a command of `$` rejected with; undefined for anything else. */
  failureOf(error: unknown): Failure | undefined
}

const prefix = 'set -euo pipefail;'

/** Once asked for: where the engine is compiled, each `import` makes another module of it. */
let zx: Promise<typeof import('zx/core')> | undefined

/** zx's `$`, bound to one task. Its own kill and time-out are not used: they need `ps`, and never escalate to KILL. */
export async function createShell(options: ShellOptions): Promise<BoundShell> {
  zx ??= import('zx/core')
  const { $, ProcessOutput, quote } = await zx
  const forgotten = new Forgotten()
  /** By what they rejected with. */
  const failed = new WeakMap<object, string>()
  const spawnInGroup = ((command: string, _args: string[], spawnOptions: SpawnOptions) => {
    options.mayRun()
    const child = startCommand(command, spawnOptions)
    options.groups.add(child)
    child.once('spawn', options.onStart)
    for (const stream of ['stdout', 'stderr'] as const)
      tell(child[stream], (text) => options.onOutput(stream, text))
    return child
  }) as unknown as typeof spawn
  const settings = {
    cwd: options.cwd,
    env: options.env,
    shell: 'bash',
    prefix,
    // zx has none where it finds no bash.
    quote,
    detached: true,
    verbose: false,
    // An author's `within` sets the same ones, where it is of the same zx.
    nothrow: false,
    quiet: false,
    preferLocal: false,
    spawn: spawnInGroup,
    log: () => {},
  }
  const started = (command: RunningCommand) => {
    Object.defineProperty(command, 'constructor', { value: followedByPromises })
    command.catch((error) => failed.set(error, command.cmd))
    return forgotten.unlessAwaited(command)
  }
  return {
    $: capturing($, settings, started),
    forgotten,
    failureOf: (error) => {
      // By this alone first: what else is thrown may be anything, and looking at it may throw.
      const command = failed.get(error as object)
      if (command === undefined || !(error instanceof ProcessOutput)) return undefined
      if (error.cause instanceof Failed) return error.cause.failure
      const { code, syscall } = (error.cause ?? {}) as NodeJS.ErrnoException
      if (syscall?.startsWith('spawn')) return { kind: 'not-started', command, code: code ?? '' }
      const tail = error.stdall.trimEnd().split('\n').slice(-20).join('\n')
      return { kind: 'command', command, exitCode: error.exitCode, signal: error.signal, tail }
    },
  }
}

/** What `then` and all that waits for a command make: zx would make a command each time, that can do nothing. */
const followedByPromises = { [Symbol.species]: Promise }

interface RunningCommand extends Promise<unknown> {
  cmd: string
}

/** Gives every command a bounded memory of its own, and nothing to read unless there is some input: it would wait for ever.
 *  @param options the author's own */
function capturing(
  $: any,
  settings: object,
  started: (command: RunningCommand) => unknown,
  options?: { input?: unknown },
): Shell {
  const shell = (pieces: any, ...args: unknown[]) => {
    if (!Array.isArray(pieces)) return capturing($, settings, started, { ...options, ...pieces })
    const stdin = options?.input === undefined ? 'ignore' : 'pipe'
    const own = { store: new Captured(), stdio: [stdin, 'pipe', 'pipe'] }
    const start = () => (options ? $({ ...options, ...own }) : $)(pieces, ...args)
    // zx looks for its caller in a stack trace, for messages that are never shown.
    return started(untraced(() => withSettings($, { ...settings, ...own }, start)))
  }
  return shell as Shell
}

/** Calls a function while `$` is set so. `$({ … })` does the same in an asynchronous context of its own, which takes longer. */
function withSettings<T>($: any, settings: object, call: () => T): T {
  const before = Object.fromEntries(Object.keys(settings).map((name) => [name, $[name]]))
  Object.assign($, settings)
  try {
    return call()
  } finally {
    Object.assign($, before)
  }
}

/** Tells what comes as text, its last line ended: the next command's output begins on a line of its own. */
function tell(stream: Readable | null, onText: (text: string) => void): void {
  const decoder = new StringDecoder()
  let last = '\n'
  const add = (text: string) => {
    if (text === '') return
    last = text
    onText(text)
  }
  stream?.on('data', (chunk: Buffer) => {
    add(decoder.write(chunk))
    atReadersPace(stream)
  })
  stream?.on('end', () => {
    add(decoder.end())
    if (!last.endsWith('\n')) onText('\n')
  })
}
