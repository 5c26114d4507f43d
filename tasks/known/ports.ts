import type { Host } from '../../lib/index.ts'
import type { Config } from '../config.ts'

/** Where a slave's observer listens. */
export function observerPort({ observer: { port } }: Config, host: Host): number {
  return typeof port === 'number' ? port : (port[host.name] ?? 1338)
}
