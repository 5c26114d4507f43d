import { copyFile, mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** What a build of Mesos' eggs starts from. */
export interface Build {
  /** Absolute path of the workspace. */
  root: string
  /** Absolute path of Mesos' source release. */
  source: string
  /** Compiler flags, as environment. */
  flags: Record<string, string>
  /** What must be importable in the end. */
  modules: string[]
}

/** Where things lie for the scripts, below their ROOT: the build folder itself, or the container's own root. */
export const inBuild = { prepare: '/prepare', work: '/work', eggs: '/eggs', build: '/build' }

const library = 'remote-scripts/lib.sh'
const preparing = [
  'remote-scripts/prepare_container.sh',
  'remote-scripts/aurora_install_packages.sh',
  library,
]
const building = ['remote-scripts/build_mesos_eggs.sh', 'remote-scripts/import_mesos_eggs.sh', library]

export const buildScripts = [...new Set([...preparing, ...building])]

/** A private folder for one build. It has one place, so that a killed build's leavings are removed by the next. */
export async function withBuildFolder<T>(
  { root, source }: Build,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(root, '.cache/build/mesos-eggs')
  await rm(folder, { recursive: true, force: true })
  try {
    await mkdir(join(folder, 'tmp'), { recursive: true })
    await copyAll(preparing, root, join(folder, inBuild.prepare))
    await copyAll(building, root, join(folder, inBuild.work))
    await copyFile(source, join(folder, inBuild.work, 'mesos.tar.gz'))
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function copyAll(scripts: string[], root: string, folder: string): Promise<void> {
  await mkdir(folder)
  for (const script of scripts) await copyFile(join(root, script), join(folder, basename(script)))
}

/** What the scripts are told. */
export function buildEnvironment({ flags, modules }: Build): Record<string, string> {
  return {
    MESOS_SOURCE: `${inBuild.work}/mesos.tar.gz`,
    EGGS: inBuild.eggs,
    BUILD: inBuild.build,
    MODULES: modules.join(', '),
    ...flags,
  }
}

/** Puts the eggs of one folder into another, which is made. */
export async function copyEggs(from: string, into: string, names?: string[]): Promise<void> {
  await mkdir(into, { recursive: true })
  for (const name of names ?? (await readdir(from))) await copyFile(join(from, name), join(into, name))
}
