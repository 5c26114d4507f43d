import { execFile } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type RunContext, refuse } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { type Build, buildEnvironment, copyEggs, inBuild, withBuildFolder } from './build-folder.ts'
import { isOf, platformCommand } from './host-platforms.ts'

/** Builds the eggs on this very machine, which must be of the cluster's platform. Programs in `tools` are found first, and
 *  are taken for the platform's own. */
export async function buildInFolder(
  { $, config }: Pick<RunContext<Config>, '$' | 'config'>,
  build: Build,
  into: string,
): Promise<void> {
  const { tools, platform } = config.mesos
  if (!tools) await needPlatform(platform)
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

async function needPlatform(platform: string): Promise<void> {
  const fact = await promisify(execFile)('sh', ['-c', platformCommand], { env: { ...process.env, ROOT: '' } })
    .then(({ stdout }) => stdout.trim())
    .catch(() => null)
  if (!isOf(platform, fact))
    refuse(
      `The eggs are for ${platform}, but this machine ${fact ? `runs ${fact}` : 'does not say what it runs'}: what is compiled here need not run on the slaves.`,
      'Have them built in Docker (`mesos: { builder: docker }` in the cluster file), or on a machine of that platform, and give them as `mesos.eggs`.',
    )
}
