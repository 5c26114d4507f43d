import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import { Readable } from 'node:stream'
import { getSystemErrorName } from 'node:util'

/** A command that a fork server starts, in the shape of a child process. */
export class ForkedCommand extends EventEmitter {
  /** Undefined until `spawn` is emitted. */
  pid: number | undefined
  readonly stdin = null
  readonly stdout: Output
  readonly stderr: Output
  #unended = 3
  #end: [exitCode: number | null, signal: string | null] = [null, null]

  /** `pace`: tells the server to let one of the streams rest, or go on. */
  constructor(pace: (stream: 'o' | 'e', what: Pace) => void) {
    super()
    this.stdout = new Output((what) => pace('o', what))
    this.stderr = new Output((what) => pace('e', what))
    for (const stream of [this.stdout, this.stderr]) stream.once('close', () => this.#ended())
  }

  hasStarted(pid: number): void {
    this.pid = pid
    this.emit('spawn')
  }

  /** `status`: as the system gives it, the exit code above the signal. */
  hasEnded(status: number): void {
    const signal = status & 0x7f
    this.#end = signal ? [null, signalNames.get(signal) ?? `${signal}`] : [status >> 8, null]
    this.emit('exit', ...this.#end)
    this.#ended()
  }

  /** `errno`: the number of the system's error. */
  hasNotStarted(errno: number, file: string): void {
    const code = getSystemErrorName(-errno)
    const syscall = `spawn ${file}`
    this.fail(Object.assign(new Error(`${syscall} ${code}`), { errno: -errno, code, syscall, path: file }))
  }

  /** Whatever it still does, nothing will be heard of it. */
  fail(error: Error): void {
    this.emit('error', error)
    this.stdout.destroy()
    this.stderr.destroy()
    this.#ended()
  }

  /** zx asks for this where its group is gone. */
  kill(): boolean {
    return false
  }

  #ended(): void {
    if (--this.#unended === 0) this.emit('close', ...this.#end)
  }
}

type Pace = 'pause' | 'resume'

/** What a command prints. */
class Output extends Readable {
  readonly #pace: (what: Pace) => void
  #isPaused = false

  constructor(pace: (what: Pace) => void) {
    super()
    this.#pace = pace
  }

  /** Nothing is its end. */
  add(bytes: Buffer): void {
    if (bytes.length === 0) this.push(null)
    else if (!this.push(bytes)) this.#set(true)
  }

  override _read(): void {
    this.#set(false)
  }

  #set(isPaused: boolean): void {
    if (this.#isPaused !== isPaused) this.#pace(isPaused ? 'pause' : 'resume')
    this.#isPaused = isPaused
  }
}

/** Of two names, the first is the usual one. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
)
