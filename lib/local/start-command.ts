import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { ForkServer } from './fork-server.ts'
import type { ForkedCommand } from './forked-command.ts'

/** So many are over before a fork server pays. */
const few = 4

let started = 0
let server: ForkServer | undefined

/** Starts a command line of bash in a process group of its own. Whether that works, its events say. */
export function startCommand(line: string, options: SpawnOptions): ChildProcess | ForkedCommand {
  if (++started === few) server = new ForkServer()
  const { shell, cwd = '.', env = {}, stdio } = options
  const start = { words: [String(shell), '-c', line], cwd: resolve(String(cwd)), env }
  return stdio?.[0] === 'ignore' && server?.takes(start) ? server.start(start) : spawn(line, options)
}

/** Before all commands are killed: nobody starts another one meanwhile. */
export function startNoMore(): void {
  server?.kill()
}
