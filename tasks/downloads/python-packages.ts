import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Download } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { linkOnIndex } from './python-index.ts'
import { type PinnedPackage, readRequirements } from './requirements-file.ts'

/** What is built with Python, by what it is needed for: a requirements file each. */
export const packageSets = ['virtualenv', 'pants', 'aurora'] as const
export type PackageSet = (typeof packageSets)[number]

const workspace = fileURLToPath(new URL('../..', import.meta.url))

/** What is pinned here is of this release; for another, the cluster file gives requirements files of its own. */
const pinnedRelease = '0.7.0-incubating'

/** By name, version and digest; where each file is, the index says when it must be fetched. */
export function pythonPackages(config: Config, sets: readonly PackageSet[] = packageSets): Download[] {
  const known = sets.filter(
    (set) => config.downloads.pythonPackages[set] ?? config.aurora.version === pinnedRelease,
  )
  const all = known.flatMap((set) => pinned(config, set))
  const { pythonIndex, pythonMirrors, folder } = config.downloads
  return [...new Map(all.map((one) => [one.file, one])).values()].map((one) => ({
    name: one.file,
    url: () => linkOnIndex(one, pythonIndex),
    mirrors: pythonMirrors.map((index) => () => linkOnIndex(one, index)),
    folder: join(folder, 'python'),
    sha256: one.sha256,
  }))
}

export function pinned({ downloads: { pythonPackages } }: Config, set: PackageSet): PinnedPackage[] {
  const file = resolve(workspace, pythonPackages[set] ?? `tasks/downloads/python-packages/${set}.txt`)
  return readRequirements(readFileSync(file, 'utf8'))
}
