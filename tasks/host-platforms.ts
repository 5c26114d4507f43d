import { type FactValue, refuse } from '../lib/index.ts'
import type { Config } from './config.ts'

/** `debian-7 x86_64`, as the host says of itself. */
const command = '. "$ROOT/etc/os-release" && echo "$ID-$VERSION_ID $(uname -m)"'

export const platformFacts = {
  master: { role: 'master', command },
  slaves: { role: 'slaves', command },
}

/** Eggs and pexes hold compiled code: they run only on what they were built for, and they are built on the master. */
export function checkPlatforms({ mesos }: Config, facts: Record<string, FactValue>): void {
  for (const role of Object.keys(platformFacts))
    for (const fact of [facts[role] ?? null].flat()) {
      const [release, architecture] = fact?.split(' ') ?? []
      if (mesos.platform === release || mesos.platform === `${release}-${architecture}`) continue
      refuse(
        `The eggs are for ${mesos.platform}, but ${role === 'master' ? 'the master' : 'a slave'} ${release ? `runs ${release}` : 'does not say what it runs'}.`,
        release
          ? `Say \`mesos: { platform: ${release} }\` in the cluster file; master and slaves must be of one platform.`
          : 'It must have an /etc/os-release with ID and VERSION_ID.',
      )
    }
}
