import type { SshOptions } from '../model/cluster.ts'
import type { Digest } from '../model/digest.ts'
import type { FileStates } from '../model/file-state.ts'
import type { Host } from '../model/host.ts'
import type { HostQuestion, HostSession } from '../model/host-session.ts'
import type { Lease } from '../model/lease.ts'
import { checkHost } from './checks/check.ts'
import { digestFiles } from './checks/digest.ts'
import { examineHost } from './checks/examine.ts'
import { removeReceipt, writeReceipt } from './checks/receipts.ts'
import { inBatches } from './in-batches.ts'
import { runCommand } from './jobs/command.ts'
import { endJobs, runScript, settleJobs } from './jobs/jobs.ts'
import { leaseOn } from './lease/lease.ts'
import type { Remote } from './remote/remote.ts'
import { commandFailure, onHost } from './remote/remote.ts'
import { stateFolder } from './remote/state-folder.ts'
import { connect } from './ssh/connect.ts'
import type { ConnectGate } from './ssh/connect-gate.ts'
import type { Connection } from './ssh/connection.ts'
import { execute } from './ssh/exec.ts'
import { inTurn } from './ssh/in-turn.ts'
import { commandLine } from './ssh/quote.ts'
import { sshSettings } from './ssh/ssh-settings.ts'
import { downloadFiles } from './transfer/download.ts'
import { relayOn } from './transfer/relay.ts'
import { storeFiles, uploadFiles } from './transfer/upload.ts'

/** Connects to a host. Later, a connection that was lost is made anew by what needs it next. */
export async function openSession(
  host: Host,
  ssh: SshOptions,
  gate: ConnectGate,
  {
    onSilence,
    ...manners
  }: Pick<Remote, 'hold' | 'pace' | 'patience' | 'sudoPassword'> & { onSilence(): void },
): Promise<LeasingSession> {
  const settings = await sshSettings(host, ssh)
  const newLink = () => keptLink(() => gate(settings, () => connect(host, settings, onSilence)))
  const [link, relayLink] = [newLink(), newLink()]
  await link.connection()
  const remote = { host, state: `${host.root}${stateFolder}`, connection: link.connection, ...manners }
  return sessionOf(remote, { ...remote, connection: relayLink.connection }, async () => {
    await Promise.all([link.close(), relayLink.close()])
  })
}

/** A session with a host that may keep the lease of its cluster. */
export interface LeasingSession extends HostSession {
  readonly lease: Lease
}

/** So many fit on a command line, with room to spare. */
const questionsAtATime = 100

/** @param serving the same host over a connection that lives for what is served there */
function sessionOf(remote: Remote, serving: Remote, close: () => Promise<void>): LeasingSession {
  const { host } = remote
  /** What files looked like when they were last digested: a receipt holds it. */
  const signatures = new Map<string, string>()
  /** What was put there in this session, and verified. */
  const verified = new Map<string, { digest: Digest; signature: string }>()
  /** Two uploads of the same content would write to the same temporary file. */
  const upload = inTurn()
  const relay = relayOn(serving, (...files) => upload(() => storeFiles(remote, ...files)))
  return {
    host,
    close,
    lease: leaseOn(remote),
    check: inBatches(questionsAtATime, (questions: HostQuestion[]) => checkHost(remote, questions)),
    examine: (tools) => examineHost(remote, tools),
    async exec(argv, options) {
      const executed = await runCommand(remote, argv, options)
      return { ...executed, stdout: executed.stdout.toString() }
    },
    runScript: (job) => runScript(remote, job),
    endJobs: (jobs) => endJobs(remote, jobs),
    settleJobs: (task) => settleJobs(remote, task),
    async read(path) {
      const line = commandLine(['cat', '--', onHost(host, path)])
      const executed = await execute(await remote.connection(), line)
      if (executed.exitCode !== 0) throw commandFailure(line, executed)
      return executed.stdout
    },
    async upload(...files) {
      const put = await upload(() => uploadFiles(remote, ...files))
      for (const [path, file] of put) verified.set(path, file)
    },
    offer: relay.offer,
    download: (paths, dir, progress, signal) => downloadFiles(remote, paths, dir, progress, signal),
    async digest(patterns) {
      const states: FileStates = {}
      for (const [path, { state, signature }] of await digestFiles(remote, patterns, verified)) {
        states[path] = state
        signatures.set(path, signature)
      }
      return states
    },
    writeReceipt: (record) =>
      writeReceipt(remote, {
        version: 2,
        record,
        signatures: Object.fromEntries(
          Object.keys(record.outputs).map((path) => [path, signatures.get(path) ?? '']),
        ),
      }),
    removeReceipt: (task) => removeReceipt(remote, task),
  }
}

function keptLink(open: () => Promise<Connection>) {
  const opened: Connection[] = []
  let current: Promise<Connection | undefined> = Promise.resolve(undefined)
  const connection = (): Promise<Connection> => {
    const next = current
      .catch(() => undefined)
      .then(async (standing) => {
        if (standing?.usable) return standing
        const connection = await open()
        opened.push(connection)
        return connection
      })
    current = next
    return next
  }
  const close = async () => {
    await current.catch(() => {})
    await Promise.all(opened.map((connection) => connection.close()))
  }
  return { connection, close }
}
