import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { basename } from 'node:path/posix'
import type { Digest } from '../../../lib/model/digest.ts'
import { Failed } from '../../../lib/model/failure.ts'
import type { FileState } from '../../../lib/model/file-state.ts'
import type { Host, Hosts } from '../../../lib/model/host.ts'
import type {
  Fleet,
  HostAnswer,
  HostQuestion,
  HostSession,
  LocalFile,
} from '../../../lib/model/host-session.ts'
import type { TaskRecord } from '../../../lib/model/record.ts'

/** A host that is only an object. */
export class Machine {
  /** Content by absolute path. */
  files: Record<string, string> = {}
  receipts: Record<string, TaskRecord> = {}
  isDown = false
}

/** A fleet of such hosts. They outlive it: which of them are in a role may change from one run to the next. */
export class MadeUpFleet implements Fleet {
  readonly hosts: Hosts
  readonly #machines: Record<string, Machine>
  readonly #platform: string

  constructor(machines: Record<string, Machine>, roles: Record<string, string[]>, platform: string) {
    this.#machines = machines
    this.#platform = platform
    const hostsOf = ([role, names]: [string, string[]]): [string, Host[]] => [
      role,
      names.map((name) => ({ name, role, address: addressOf(machines, name), root: '' })),
    ]
    this.hosts = Object.fromEntries(Object.entries(roles).map(hostsOf))
  }

  async session(host: Host): Promise<HostSession> {
    const machine = this.#machines[host.name]!
    if (machine.isDown)
      throw new Failed({ kind: 'unreachable', host: host.name, address: '', detail: 'it is down' })
    return sessionOn(host, machine, this.#platform)
  }

  async lease(): Promise<never> {
    throw new Error('such hosts keep no lease')
  }

  async close(): Promise<void> {}
}

/** A machine may be there by several names. */
function addressOf(machines: Record<string, Machine>, name: string): string {
  return Object.keys(machines).find((other) => machines[other] === machines[name])!
}

function sessionOn(host: Host, machine: Machine, platform: string): HostSession {
  return {
    host,
    check: async (question) => answer(machine, platform, question),
    examine: async () => undefined,
    exec: async (argv) => ({ exitCode: command(machine, argv), signal: null, stdout: '', stderr: '' }),
    runScript: async () => {
      throw new Error('such a host runs no scripts')
    },
    endJobs: async () => {},
    settleJobs: async () => {},
    read: async (path) => Buffer.from(contentOf(machine, path)),
    upload: async (files: LocalFile[], dir) => {
      for (const { path } of files) machine.files[`${dir}/${basename(path)}`] = readFileSync(path, 'utf8')
    },
    offer: async (files) => Object.fromEntries(files.map(({ digest }) => [digest, `${host.name}/${digest}`])),
    download: async (paths, dir) => {
      mkdirSync(dir, { recursive: true })
      for (const path of paths) writeFileSync(join(dir, basename(path)), contentOf(machine, path))
    },
    digest: async (patterns) =>
      Object.fromEntries(
        Object.entries(machine.files)
          .filter(([path]) => patterns.some((pattern) => path === pattern || path.startsWith(`${pattern}/`)))
          .map(([path, content]) => [path, stateOf(content)]),
      ),
    writeReceipt: async (record) => {
      machine.receipts[record.task] = structuredClone(record)
    },
    removeReceipt: async (task) => {
      delete machine.receipts[task]
    },
    close: async () => {},
  }
}

function answer(machine: Machine, platform: string, { task, facts }: HostQuestion): HostAnswer {
  const receipt = task === undefined ? undefined : machine.receipts[task]
  const recorded = Object.entries(receipt?.outputs ?? {})
  const now = (path: string) => machine.files[path]
  return {
    platform,
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, fact]) => [name, ('file' in fact && now(fact.file)) || null]),
    ),
    ...(receipt && { receipt: structuredClone(receipt) }),
    missing: recorded.flatMap(([path]) => (now(path) === undefined ? [path] : [])),
    changed: recorded.flatMap(([path, state]) => {
      const content = now(path)
      return content === undefined || digestOf(content) === ('digest' in state && state.digest) ? [] : [path]
    }),
    running: false,
  }
}

/** `write PATH CONTENT` and `test PATH` are all that it can do. */
function command({ files }: Machine, [name, path, content]: string[]): number {
  if (name === 'write') files[path!] = content!
  return path! in files ? 0 : 1
}

function contentOf({ files }: Machine, path: string): string {
  const content = files[path]
  if (content === undefined) throw new Error(`there is no ${path}`)
  return content
}

function stateOf(content: string): FileState {
  return { digest: digestOf(content), size: content.length, executable: false }
}

function digestOf(content: string): Digest {
  return createHash('sha256').update(content).digest('hex') as Digest
}
