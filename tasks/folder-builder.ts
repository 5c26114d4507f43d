import { delimiter, dirname, join } from 'node:path'
import type { RunContext } from '../lib/index.ts'
import { type Build, buildEnvironment, copyEggs, inBuild, withBuildFolder } from './build-folder.ts'
import type { Config } from './config.ts'

/** Builds the eggs on this very machine, which must be of the cluster's platform. Programs in `tools` are found first. */
export async function buildInFolder(
  { $ }: RunContext<Config>,
  build: Build,
  tools: string | undefined,
  into: string,
): Promise<void> {
  await withBuildFolder(build, async (folder) => {
    const first = tools ? [tools, dirname(process.execPath)] : []
    const PATH = [...first, process.env.PATH ?? ''].join(delimiter)
    const variables = Object.entries({ ROOT: folder, PATH, ...buildEnvironment(build) })
    const env = ['env', ...variables.map(([name, value]) => `${name}=${value}`)]
    const here = $({ cwd: join(folder, inBuild.work) })
    await here`${env} bash build_mesos_eggs.sh`
    await here`${env} bash import_mesos_eggs.sh`
    await copyEggs(join(folder, inBuild.eggs), into)
  })
}
