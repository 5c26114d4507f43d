import { only, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { installAurora } from './install-aurora.ts'
import { pexOf, thermosTargets } from './known/artefacts.ts'
import { releaseOf } from './known/aurora-releases.ts'
import { stage } from './known/layout.ts'
import { stageEggs } from './stage-eggs.ts'

export const buildThermos = task<Config>({
  module: import.meta.url,
  name: 'build-thermos',
  description: 'Build the executors, with the runner inside, and the observer',
  on: 'master',
  needs: [only(installAurora, '**/.source-sha256', '**/BOOTSTRAPPED'), only(stageEggs, `${stage.eggs}/**`)],
  inputs: {
    files: [
      'remote-scripts/aurora_build_thermos.sh',
      'remote-scripts/lib.sh',
      'remote-scripts/lib_pants.sh',
      'remote-scripts/lib_thrift.sh',
    ],
    values: ({ config }) => ({ home: config.aurora.home, targets: thermosTargets(config) }),
  },
  outputs: ({ config }) => ({
    files: [
      ...thermosTargets(config).map((target) => `${config.aurora.home}/dist/${pexOf(target)}`),
      `${config.aurora.home}/third_party/${releaseOf(config).linked}-*.egg`,
    ],
  }),
  pool: 'pants',
  timeout: '2h',
  async run({ host, config }) {
    await host.script('aurora_build_thermos.sh', {
      env: { AURORA_HOME: config.aurora.home, EGGS: stage.eggs },
      args: thermosTargets(config),
    })
  },
})
