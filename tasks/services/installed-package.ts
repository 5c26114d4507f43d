import type { RemoteHost } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { checkPlatform } from '../eggs/host-platforms.ts'
import { executorPackage, executors } from '../known/layout.ts'
import { packedFiles } from './executor-delivery.ts'

/** The archive of what slaves need, installed as a release: by `distribute`; or by `start`, where Mesos' fetcher brings the
 *  executors, and only the observer is left. */

export const installScripts = ['remote-scripts/aurora_distribute_executor.sh', 'remote-scripts/lib.sh']

export function installedFiles(config: Config): string[] {
  return [`${executors}/current`, ...packedFiles(config).map((file) => `${executors}/current/${file}`)]
}

/** @param made what `package-executor` made, here and on the master */
export async function installPackage(host: RemoteHost, config: Config, made: string[]): Promise<void> {
  await checkPlatform(config, host)
  const archive = made.filter((path) => path.startsWith(executorPackage.atHome))
  await host.upload(archive, executorPackage.onSlaves)
  await host.script('aurora_distribute_executor.sh', {
    env: { PACKAGE: `${executorPackage.onSlaves}/${executorPackage.file}`, EXECUTORS: executors },
  })
}
