import { spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const workspace = dirname(dirname(import.meta.dirname))

/** The sandbox's stand-ins: what a folder cannot give. */
export const standIns = join(workspace, 'tasks/sandbox/bin')

export interface Ran {
  exitCode: number | null
  /** Both streams, in order. */
  output: string
  /** What the script says on its last lines. */
  changes: string[]
}

export interface RunOptions {
  env?: Record<string, string>
  args?: string[]
  /** Folders of programs, instead of the sandbox's stand-ins and the system's. */
  path?: string[]
}

/** A folder that stands for a host: remote scripts run in it as jobs do, with it as ROOT. */
export class HostFolder {
  readonly root = mkdtempSync(join(tmpdir(), 'host-'))
  /** Like a job's folder: the scripts are there, and go away with it. */
  readonly scripts = mkdtempSync(join(tmpdir(), 'job-'))

  constructor() {
    mkdirSync(join(this.root, 'tmp'))
    mkdirSync(join(this.root, 'root'))
    cpSync(join(workspace, 'remote-scripts'), this.scripts, { recursive: true })
  }

  run(script: string, { args = [], ...options }: RunOptions = {}): Promise<Ran> {
    return this.spawn(['bash', `./${script}`, ...args], options)
  }

  /** Runs a script that lies on the host, as the system does. */
  system(path: string, ...args: string[]): Promise<Ran> {
    return this.spawn([this.path(path), ...args], {})
  }

  private async spawn(
    [program, ...args]: string[],
    { env = {}, path = usualPath }: RunOptions,
  ): Promise<Ran> {
    const child = spawn(program!, args, {
      cwd: this.scripts,
      env: { PATH: path.join(':'), HOME: this.path('/root'), LANG: 'C.UTF-8', ROOT: this.root, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (chunk: Buffer) => (output += chunk)
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const exitCode = await new Promise<number | null>((ended) => child.once('close', ended))
    return { exitCode, output, changes: changesIn(output) }
  }

  /** Where a path of the host is on this machine. */
  path(path: string): string {
    return join(this.root, path)
  }

  has(path: string): boolean {
    return existsSync(this.path(path))
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8')
  }

  bytes(path: string): Buffer {
    return readFileSync(this.path(path))
  }

  mode(path: string): number {
    return statSync(this.path(path)).mode & 0o777
  }

  write(path: string, content: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    writeFileSync(this.path(path), content)
    chmodSync(this.path(path), mode)
  }

  unlink(path: string): void {
    rmSync(this.path(path), { force: true })
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
    rmSync(this.scripts, { recursive: true, force: true })
  }
}

export const usualPath = [
  standIns,
  dirname(process.execPath),
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/sbin',
  '/sbin',
]

function changesIn(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('changed: ') || line === 'nothing to change')
    .map((line) => line.replace(/^changed: /, ''))
}
