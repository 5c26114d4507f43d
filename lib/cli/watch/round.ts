import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startedProgram } from '../started-program.ts'
import type { Declared } from './declared.ts'
import { marker } from './marker.ts'

/** One run, in a process of its own: only a new process loads task modules anew. */
export interface Round {
  /** What it declares; undefined when it ended before it could tell. Then it waits for `go`. */
  declared: Promise<Declared | undefined>
  go(): void
  /** Resolves with the exit code. */
  ended: Promise<number>
  /** Ends it in order, unless it has ended. */
  end(): Promise<unknown>
}

/**
 * Runs the same command line once more, out of reach of the terminal: signals come from here alone, each of them once.
 * @param signal ends it in order, too, by the signal that it is named after
 */
export function startRound(signal: AbortSignal): Round {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [...process.execArgv, startedProgram, ...process.argv.slice(2)], {
    env: { ...process.env, [marker]: '1' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  })
  const pass = () => child.kill(signal.reason)
  signal.addEventListener('abort', pass)
  const ended = once(child, 'exit').then(([exitCode]): number => exitCode ?? 1)
  const told = once(child, 'message').then(([declared]): Declared => declared)
  return {
    declared: Promise.race([told, ended.then(() => undefined)]),
    go: () => void (child.connected && child.send('go')),
    ended,
    end() {
      signal.removeEventListener('abort', pass)
      if (!signal.aborted) child.kill('SIGTERM')
      return ended
    },
  }
}
