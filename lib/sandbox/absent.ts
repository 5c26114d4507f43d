import { refuse } from '../model/failure.ts'
import type { Host } from '../model/host.ts'
import type { HostSession } from '../model/host-session.ts'

/** A host that would be made if this were more than a look: nothing is known of it, and nothing can be done on it. */
export function absentSession(host: Host): HostSession {
  const refuseAll = async () => refuseAbsent(host)
  return {
    host,
    check: async ({ facts }) => ({
      platform: 'unknown',
      facts: Object.fromEntries(Object.keys(facts).map((name) => [name, null])),
      missing: [],
      changed: [],
      running: false,
    }),
    examine: async () => undefined,
    exec: refuseAll,
    runScript: refuseAll,
    endJobs: refuseAll,
    settleJobs: refuseAll,
    read: refuseAll,
    upload: refuseAll,
    offer: refuseAll,
    download: refuseAll,
    digest: refuseAll,
    writeReceipt: refuseAll,
    removeReceipt: refuseAll,
    close: async () => {},
  }
}

export function refuseAbsent(host: Host): never {
  return refuse(
    `${host.name} of the sandbox does not exist yet`,
    'The first run makes it; `sandbox up` makes it without running anything.',
  )
}
