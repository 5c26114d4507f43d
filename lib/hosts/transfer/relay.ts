import { createHmac, randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { Failed } from '../../model/failure.ts'
import type { Addresses, LocalFile, Progress } from '../../model/host-session.ts'
import type { Remote } from '../remote/remote.ts'
import { commandFailure, runProgram } from '../remote/remote.ts'
import type { Executed } from '../ssh/exec.ts'
import { inTurn } from '../ssh/in-turn.ts'
import { lacksProgram, serveArgs, serveProgram } from './relay-programs.ts'

/** Gives out files of a host's store to other hosts, over their own network, for as long as its connection lives. */
export interface Relay {
  offer(files: LocalFile[], progress: Progress, signal?: AbortSignal): Promise<Addresses>
}

/**
 * @param remote the host, over a connection that nobody else uses: it ends what serves there with it
 * @param store puts files into the host's store
 */
export function relayOn(
  remote: Remote,
  store: (files: LocalFile[], progress: Progress, signal?: AbortSignal) => Promise<void>,
): Relay {
  const stored = new Set<string>()
  const oneByOne = inTurn()
  let standing: Server | undefined
  return {
    offer: (files, progress, signal) =>
      oneByOne(async () => {
        const missing = files.filter(({ digest }) => !stored.has(digest))
        if (missing.length > 0) await store(missing, progress, signal)
        for (const { digest } of missing) stored.add(digest)
        if (!standing || standing.hasEnded()) standing = await startServer(remote)
        const { addressOf } = standing
        return Object.fromEntries(files.map(({ digest }) => [digest, addressOf(digest)]))
      }),
  }
}

interface Server {
  addressOf(digest: string): string
  hasEnded(): boolean
}

/** Milliseconds: so often the server hears from us, and so long without that it ends. */
const beat = 5000
const silence = 15_000

async function startServer(remote: Remote): Promise<Server> {
  const secret = randomBytes(32).toString('hex')
  const signsOfLife = new PassThrough()
  signsOfLife.write(`${secret}\n`)
  const beating = setInterval(() => signsOfLife.write('\n'), beat).unref()
  let ended = false
  const place = await new Promise<string>((resolve, reject) => {
    let said = ''
    const onStdout = (chunk: Buffer) => {
      said += chunk
      if (said.includes('\n')) resolve(said.trim())
    }
    const args = serveArgs(`${remote.state}/store`, remote.host.address, silence)
    runProgram(remote, serveProgram, args, { input: signsOfLife, onStdout })
      .then((executed) => reject(whyNot(remote, executed)), reject)
      .finally(() => {
        ended = true
        clearInterval(beating)
      })
  })
  const [address = '', port] = place.split(' ')
  const host = address.includes(':') ? `[${address}]` : address
  return {
    addressOf(digest) {
      const token = createHmac('sha256', secret).update(digest).digest('hex')
      return `http://${host}:${port}/${token}/${digest}`
    },
    hasEnded: () => ended,
  }
}

function whyNot({ host }: Remote, executed: Executed): Failed {
  if (executed.exitCode !== lacksProgram) return commandFailure('python', executed)
  const problem = `${host.name} has no Python, which is to give out the files there`
  return new Failed({ kind: 'refused', problem, advice: 'Install `python3` there.' })
}
