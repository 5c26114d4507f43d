import type { Config } from '../config.ts'
import { releaseOf } from './aurora-releases.ts'

/** What `./pants binary` is told to make, by target. */
export const clientTargets = (config: Config): string[] => releaseOf(config).clients
export const thermosTargets = (config: Config): string[] => [
  releaseOf(config).runner,
  ...releaseOf(config).executors,
]

/** What they are called, which later releases changed. */
export function clientFiles(config: Config): { CLIENT: string; ADMIN: string } {
  const [client, admin] = clientTargets(config)
  return { CLIENT: pexOf(client!), ADMIN: pexOf(admin!) }
}

/** The files that slaves get. */
export const executorFiles = (config: Config): string[] => releaseOf(config).executors.map(pexOf)

export function pexOf(target: string): string {
  return `${target.slice(target.indexOf(':') + 1)}.pex`
}
