import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ServerChannel } from 'ssh2'
import { cleanBash } from './clean-bash.ts'

export interface CommandPlace {
  cwd: string
  env: Record<string, string>
}

/** More than a pipe holds: what a command wrote before it ended is within this much. */
const mostLeftInPipes = 1024 * 1024

/**
 * Runs a command for a client: in a session of its own, so that it and what it starts survive the connection if they can do
 * without it. Like sshd, ends nothing when the channel closes; unlike sshd, does not wait for background children that keep
 * the command's output open.
 */
export function serveCommand(channel: ServerChannel, command: string, place: CommandPlace): ChildProcess {
  const child = spawn('bash', cleanBash('exec bash --norc -c "$0"', [command]), {
    ...place,
    detached: true,
    stdio: 'pipe',
  })
  child.unref()
  for (const stream of child.stdio) (stream as Socket | null)?.unref()

  forwardInput(channel, child.stdin)
  const output = forwardOutput(channel, [
    [child.stdout, channel],
    [child.stderr, channel.stderr],
  ])
  child.once('error', (error) => {
    channel.stderr.write(`cannot run a command on this host: ${error.message}\n`)
    finish(channel, child, 255, null)
  })
  child.once('exit', async (code, signal) => {
    await output.drained()
    finish(channel, child, code, signal)
  })
  channel.once('close', () => letGo(child))
  return child
}

function finish(
  channel: ServerChannel,
  child: ChildProcess,
  code: number | null,
  signal: string | null,
): void {
  tellExit(channel, code, signal)
  channel.end()
  // Nobody reads the rest of the input; unread, it would keep the channel from closing.
  channel.unpipe().resume()
  letGo(child)
}

/** SSH has names for the old signals only; the others are told as a shell would. */
function tellExit(channel: ServerChannel, code: number | null, signal: string | null): void {
  if (code !== null) channel.exit(code)
  else if (namedInSsh.has(signal!)) channel.exit(signal!, false, '')
  else channel.exit(128 + constants.signals[signal as NodeJS.Signals])
}

const namedInSsh = new Set(
  ['ABRT', 'ALRM', 'FPE', 'HUP', 'ILL', 'INT', 'KILL', 'PIPE', 'QUIT', 'SEGV', 'TERM', 'USR1', 'USR2'].map(
    (name) => `SIG${name}`,
  ),
)

/** Closes our ends: what still runs reads the end of its input, and cannot write any more. */
export function letGo(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy()
}

function forwardInput(channel: ServerChannel, stdin: Writable): void {
  channel.pipe(stdin)
  // A command need not read its input: then the rest of it has no reader.
  stdin.on('error', () => channel.unpipe(stdin).resume())
}

type Outlet = [from: Readable, to: Writable]

/**
 * Passes output on, piece by piece and never two at a time: ssh2 forgets one of stdout and stderr, or sends a piece twice,
 * when both wait for the client's window.
 */
function forwardOutput(channel: ServerChannel, outlets: Outlet[]) {
  let passed = 0
  let queue = Promise.resolve()
  for (const [from, to] of outlets)
    from.on('data', (piece: Buffer) => {
      passed += piece.length
      from.pause()
      queue = queue.then(() => writePiece(channel, to, piece)).then(() => void from.resume())
    })
  const isOver = () => outlets.every(([from]) => from.readableEnded || from.destroyed)

  return {
    /**
     * Resolves when all that the ended command wrote is passed on. It is in the pipes already, so a turn of the event loop
     * that brings nothing new is the end, and so is more than they hold: then a background child goes on writing.
     */
    async drained(): Promise<void> {
      const most = passed + mostLeftInPipes
      for (let quiet = 0; quiet < 2 && passed < most && !isOver(); ) {
        const before = passed
        await nextTurn()
        await queue
        quiet = passed === before ? quiet + 1 : 0
      }
      await queue
    },
  }
}

/** ssh2 keeps the piece that waited last and would send it again with the next one that waits: it is taken away. */
function writePiece(channel: ServerChannel, to: Writable, piece: Buffer): Promise<void> {
  const kept = channel as { _chunk?: unknown; _chunkcb?: unknown; _chunkErr?: unknown; _chunkcbErr?: unknown }
  return new Promise((resolve) => {
    to.write(piece, () => {
      kept._chunk = kept._chunkcb = kept._chunkErr = kept._chunkcbErr = undefined
      resolve()
    })
  })
}
