import { type FactValue, type RemoteHost, refuse } from '../../lib/index.ts'
import type { Config } from '../config.ts'

/** `debian-7 x86_64`, as the host says of itself. */
export const platformCommand = '. "$ROOT/etc/os-release" && echo "$ID-$VERSION_ID $(uname -m)"'

export const platformFacts = {
  master: { role: 'master', command: platformCommand },
  slaves: { role: 'slaves', command: platformCommand },
}

/** Eggs and pexes hold compiled code: they run only on what they were built for, and they are built on the master. */
export function checkPlatforms({ mesos }: Config, facts: Record<string, FactValue>): void {
  for (const role of Object.keys(platformFacts))
    for (const fact of [facts[role] ?? null].flat())
      if (!isOf(mesos.platform, fact)) refuseHost(mesos.platform, role, fact)
}

/** The same for one host, which is asked now: as a fact, the platforms of all would decide about each. */
export async function checkPlatform({ mesos }: Config, { role, ask }: RemoteHost): Promise<void> {
  const { stdout } = await ask(['sh', '-c', platformCommand])
  if (!isOf(mesos.platform, stdout.trim())) refuseHost(mesos.platform, role, stdout.trim())
}

/** Whether what says so of itself is of a platform. `debian-7` means the usual architecture. */
export function isOf(platform: string, fact: string | null): boolean {
  const [release, architecture] = fact?.split(' ') ?? []
  return platform === `${release}-${architecture}` || (platform === release && architecture === 'x86_64')
}

function refuseHost(platform: string, role: string, fact: string | null): never {
  const host = role === 'master' ? 'the master' : 'a slave'
  if (!fact)
    return refuse(
      `The eggs are for ${platform}, but ${host} does not say what it runs.`,
      'It must have an /etc/os-release with ID and VERSION_ID.',
    )
  const [release, architecture] = fact.split(' ')
  const other = architecture === 'x86_64' ? release : `${release}-${architecture}`
  return refuse(
    `The eggs are for ${platform}, but ${host} runs ${other}: what was compiled for one need not run on the other.`,
    `Say \`mesos: { platform: ${other} }\` in the cluster file, and they are built anew for it; master and slaves must be of one platform.`,
  )
}
