import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { Failed, type Failure } from '../model/failure.ts'
import { forkServerProgram } from './fork-server-program.ts'
import { ForkedCommand } from './forked-command.ts'

/** What a command is started with. */
interface Start {
  /** The program and its arguments. */
  words: string[]
  /** An absolute path. */
  cwd: string
  env: NodeJS.ProcessEnv
}

/** Starts commands for this process, which has so much memory that each fork of it takes longer than all else that a command
 *  costs it. Where there is no Perl, it is never ready. */
export class ForkServer {
  readonly #server: ChildProcess
  readonly #commands = new Map<number, { command: ForkedCommand; file: string }>()
  #started = 0
  #unread: Buffer = Buffer.alloc(0)
  #isReady = false

  constructor() {
    const { PATH } = process.env
    this.#server = spawn('perl', ['-e', forkServerProgram], {
      cwd: '/',
      env: PATH === undefined ? {} : { PATH },
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#server.on('error', () => {}) // it has not started
    this.#server.on('close', () => this.#isLost())
    this.#server.stdin!.on('error', () => {}) // it has ended, which `close` says
    this.#server.stdout!.on('data', (bytes: Buffer) => this.#receive(bytes))
    for (const part of this.#parts) part.unref()
  }

  /** Whether it can start this now. */
  takes(start: Start): boolean {
    const fields = [...start.words, start.cwd, ...entriesOf(start)]
    return this.#isReady && this.#commands.size < most && !fields.some((field) => field.includes('\0'))
  }

  /** Starts a command that has nothing to read, in a process group of its own. */
  start(start: Start): ForkedCommand {
    const { words, cwd } = start
    const number = ++this.#started
    const command = new ForkedCommand((stream, what) => this.#send([what, number, stream]))
    if (this.#commands.size === 0) for (const part of this.#parts) part.ref()
    this.#commands.set(number, { command, file: words[0]! })
    command.once('close', () => this.#forget(number))
    this.#send(['run', number, cwd, words.length, ...words, ...entriesOf(start)])
    return command
  }

  #forget(number: number): void {
    this.#commands.delete(number)
    if (this.#commands.size === 0) for (const part of this.#parts) part.unref()
  }

  /** At once: it starts nothing more. */
  kill(): void {
    this.#server.kill('SIGKILL')
  }

  /** For what it keeps this process alive while a command runs. */
  get #parts(): (ChildProcess | Socket)[] {
    const { stdin, stdout } = this.#server
    return [this.#server, stdin as Socket, stdout as Socket]
  }

  #send(fields: (string | number)[]): void {
    const text = Buffer.from(fields.join('\0'))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(text.length)
    this.#server.stdin!.write(Buffer.concat([size, text]))
  }

  #receive(bytes: Buffer): void {
    let unread = this.#unread.length > 0 ? Buffer.concat([this.#unread, bytes]) : bytes
    while (unread.length >= head) {
      const end = head + unread.readUInt32BE(5)
      if (unread.length < end) break
      this.#hear(unread.readUInt32BE(0), String.fromCharCode(unread[4]!), unread.subarray(head, end))
      unread = unread.subarray(end)
    }
    this.#unread = unread
  }

  #hear(number: number, letter: string, bytes: Buffer): void {
    if (letter === 'r') this.#isReady = true
    const { command, file } = this.#commands.get(number) ?? {}
    if (letter === 's') command?.hasStarted(Number(bytes))
    if (letter === 'o') command?.stdout.add(bytes)
    if (letter === 'e') command?.stderr.add(bytes)
    if (letter === 'x') command?.hasEnded(Number(bytes))
    if (letter === 'f') command?.hasNotStarted(Number(bytes), file!)
  }

  #isLost(): void {
    this.#isReady = false
    for (const { command } of this.#commands.values()) command.fail(new Failed(lost))
  }
}

function entriesOf({ env }: Start): string[] {
  return Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`))
}

/** Each has two files open in it, of 1024. */
const most = 200

/** Before what is said: a number, a letter and how long it is. */
const head = 9

const lost: Failure = {
  kind: 'refused',
  problem:
    'The process that starts the commands of this run has ended: what became of this one cannot be known.',
  advice: 'Run it again.',
}
