import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import { killProcesses } from '../../lib/local/end-processes.ts'
import { entryOf } from '../../lib/local/origin.ts'
import { findProcesses } from '../../lib/local/processes.ts'

const engine = fileURLToPath(new URL('../../lib/index.ts', import.meta.url))
const tsx = import.meta.resolve('tsx')

export interface Ended {
  exitCode: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A workspace in a folder of its own, deleted when the test ends, and the real program started on it. */
export class Workspace {
  readonly root: string

  /** @param files content by path from the root; in TypeScript, `ENGINE` stands for the engine's address */
  constructor(files: Record<string, string>) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')))
    onTestFinished(() => {
      killProcesses(findProcesses(entryOf.workspace(this)))
      rmSync(this.root, { recursive: true, force: true })
    })
    this.write('package.json', '{"type":"module"}')
    for (const [path, content] of Object.entries(files)) this.write(path, content)
  }

  write(path: string, content: string): void {
    const file = join(this.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(
      file,
      path.endsWith('.ts') ? content.replaceAll('ENGINE', pathToFileURL(engine).href) : content,
    )
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  /** Starts the program and waits for its end. */
  run(...args: string[]): Promise<Ended> {
    return this.start(args).ended
  }

  /** Starts the program; `ended` resolves when it has ended and all its output was read. `unread`: stdout goes nowhere. `input`: stdin can be written to.
   *  `under`: a command that starts the program in its turn. `program`: another one than the workspace's own entry. */
  start(
    args: string[],
    {
      env = {},
      cwd = this.root,
      unread = false,
      input = false,
      under = [],
      program,
    }: {
      env?: Record<string, string>
      cwd?: string
      unread?: boolean
      input?: boolean
      under?: string[]
      program?: string
    } = {},
  ) {
    const started = program ? [program] : ['--import', tsx, join(this.root, 'tasks', 'index.ts')]
    const [command, ...rest] = [...under, process.execPath, ...started, ...args]
    const child = spawn(command!, rest, {
      cwd,
      env: { PATH: process.env.PATH, HOME: this.root, ...env },
      stdio: [input ? 'pipe' : 'ignore', unread ? 'ignore' : 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text) => (output.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text) => (output.stderr += text))
    onTestFinished(() => void (child.exitCode === null && child.kill('SIGKILL')))
    const ended = once(child, 'close').then(([exitCode, signal]): Ended => ({ exitCode, signal, ...output }))
    /** Resolves when the text has been printed; rejects when the program ends without it. */
    const printed = (text: string) =>
      new Promise<void>((found, missed) => {
        const look = () => `${output.stdout}${output.stderr}`.includes(text) && found()
        child.stdout?.on('data', look)
        child.stderr?.on('data', look)
        look()
        void ended.then(({ stdout, stderr }) =>
          missed(new Error(`never printed ${text}:\n${stdout}${stderr}`)),
        )
      })
    return { child, output, ended, printed }
  }
}
