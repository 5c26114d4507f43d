import type { FileStates } from '../../../lib/model/file-state.ts'
import type { Host } from '../../../lib/model/host.ts'
import type { Fleet, HostSession } from '../../../lib/model/host-session.ts'
import type { TaskRecord } from '../../../lib/model/record.ts'

/** A fleet of one host that exists in memory only. Tests change what it is and what it has. */
export class MadeUpHost {
  readonly host: Host = { name: 'master', role: 'master', address: '192.0.2.1', root: '' }
  platform = 'debian-12-x86_64'
  facts: Record<string, string> = {}
  /** What a task makes on it: all of it, whatever is declared. */
  files: FileStates = {}
  receipts = new Map<string, TaskRecord>()
  /** What every question is answered with, instead. */
  fault: Error | undefined
  missing: string[] = []
  /** Tasks of which a job is at work. */
  running = new Set<string>()

  readonly fleet: Fleet = {
    hosts: { master: [this.host] },
    session: async () => this.#session,
    lease: unexpected,
    close: async () => {},
  }

  readonly #session: HostSession = {
    host: this.host,
    check: async ({ task, facts }) => {
      if (this.fault) throw this.fault
      const receipt = task === undefined ? undefined : this.receipts.get(task)
      return {
        platform: this.platform,
        facts: Object.fromEntries(Object.keys(facts).map((name) => [name, this.facts[name] ?? null])),
        ...(receipt && { receipt }),
        missing: receipt ? this.missing : [],
        changed: [],
        running: this.running.has(task ?? ''),
      }
    },
    digest: async () => this.files,
    writeReceipt: async (record) => void this.receipts.set(record.task, record),
    removeReceipt: async (task) => void this.receipts.delete(task),
    examine: unexpected,
    exec: unexpected,
    runScript: unexpected,
    endJobs: async () => {},
    settleJobs: async () => {},
    read: unexpected,
    upload: unexpected,
    offer: unexpected,
    download: unexpected,
    close: async () => {},
  }
}

async function unexpected(): Promise<never> {
  throw new Error('this host does nothing')
}
