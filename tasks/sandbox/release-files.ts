import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SandboxFacts } from '../../lib/index.ts'
import { auroraRelease, mavenRepository, mesosRelease, type Release } from './releases.ts'
import { versions } from './versions.ts'

/** The releases of the sandbox, and what they are built with, made in memory. */
export async function sandboxReleases(): Promise<{ mesos: Release; aurora: Release; maven: Release }> {
  const [mesos, aurora, maven] = await Promise.all([
    mesosRelease(versions.mesos),
    auroraRelease(versions.aurora, versions.mesos),
    mavenRepository(),
  ])
  return { mesos, aurora, maven }
}

/** Where a release lies. With the digest in its path: the miniatures may change while a sandbox stands. */
export function releaseFile({ folder }: SandboxFacts, { name, sha256 }: Release): string {
  return join(folder, 'releases', sha256.slice(0, 12), name)
}

/** Puts the releases where the cluster's configuration says that they are. */
export async function writeReleases(facts: SandboxFacts): Promise<void> {
  for (const release of Object.values(await sandboxReleases())) {
    const file = releaseFile(facts, release)
    if (existsSync(file)) continue
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, release.bytes)
    await rename(`${file}.new`, file)
  }
}
