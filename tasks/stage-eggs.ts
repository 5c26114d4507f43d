import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { task } from '../lib/index.ts'
import { buildMesosEggs } from './build-mesos-eggs-in-docker.ts'
import type { Config } from './config.ts'
import { type StagedSource, stagedSources } from './downloads/staged-sources.ts'
import { checkPlatforms, platformFacts } from './eggs/host-platforms.ts'
import { stage } from './known/layout.ts'

const scripts = 'remote-scripts'
const script = /\.(sh|gradle)$/

export const stageEggs = task<Config>({
  module: import.meta.url,
  name: 'stage-eggs',
  description: 'Put eggs, source archives and the remote scripts on the master',
  on: 'master',
  needs: [buildMesosEggs],
  inputs: {
    files: [`${scripts}/*.{sh,gradle}`],
    values: ({ config }) => ({ platform: config.mesos.platform }),
    facts: platformFacts,
    downloads: ({ config }) => stagedSources(config).map(({ download }) => download),
  },
  outputs: { files: Object.values(stage) },
  timeout: '1h',
  async run({ host, config, root, facts, outputs, download }) {
    checkPlatforms(config, facts)
    const scriptFiles = (await readdir(join(root, scripts))).filter((name) => script.test(name))
    // What an earlier deployment staged must not be built from.
    await host.exec(['rm', '-rf', ...Object.values(stage).map((folder) => `${host.root}${folder}`)])
    await host.upload(outputs(buildMesosEggs), stage.eggs)
    for (const [folder, sources] of Object.entries(byFolder(stagedSources(config)))) {
      const archives = await Promise.all(sources.map((source) => download(source.download.name)))
      await host.upload(archives, folder)
      for (const { download, name } of sources)
        if (name !== download.name)
          await host.exec(['mv', `${host.root}${folder}/${download.name}`, `${host.root}${folder}/${name}`])
    }
    await host.upload(
      scriptFiles.map((name) => `${scripts}/${name}`),
      stage.scripts,
    )
  },
})

function byFolder(sources: StagedSource[]): Record<string, StagedSource[]> {
  return Object.fromEntries(
    [...new Set(sources.map(({ folder }) => folder))].map((folder) => [
      folder,
      sources.filter((source) => source.folder === folder),
    ]),
  )
}
