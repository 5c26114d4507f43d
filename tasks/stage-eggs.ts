import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { task } from '../lib/index.ts'
import { buildMesosEggs } from './build-mesos-eggs-in-docker.ts'
import type { Config } from './config.ts'
import { checkPlatforms, platformFacts } from './host-platforms.ts'
import { stage } from './layout.ts'
import { auroraSource, gradleSource } from './sources.ts'

const scripts = 'remote-scripts'

export const stageEggs = task<Config>({
  module: import.meta.url,
  name: 'stage-eggs',
  description: 'Put eggs, source archives and the remote scripts on the master',
  on: 'master',
  needs: [buildMesosEggs],
  inputs: {
    files: [`${scripts}/*.sh`],
    values: ({ config }) => ({ platform: config.mesos.platform }),
    facts: platformFacts,
    downloads: ({ config }) => sources(config),
  },
  outputs: { files: Object.values(stage) },
  timeout: '1h',
  async run({ host, config, root, facts, outputs, download }) {
    checkPlatforms(config, facts)
    const scriptFiles = (await readdir(join(root, scripts))).filter((name) => name.endsWith('.sh'))
    // What an earlier deployment staged must not be built from.
    await host.exec(['rm', '-rf', ...Object.values(stage).map((folder) => `${host.root}${folder}`)])
    await host.upload(outputs(buildMesosEggs), stage.eggs)
    const archives = await Promise.all(sources(config).map(({ name }) => download(name)))
    await host.upload(archives, stage.sources)
    await host.upload(
      scriptFiles.map((name) => `${scripts}/${name}`),
      stage.scripts,
    )
  },
})

function sources(config: Config) {
  const gradle = gradleSource(config)
  return [auroraSource(config), ...(gradle ? [gradle] : [])]
}
