import { npmWorkspace } from './npm-workspace.ts'
import { numberIn, type Tool } from './tool.ts'

export const lage: Tool = {
  name: 'lage',
  comesFrom: { npm: 'lage' },
  layout: 'packages',
  files: (workload) => ({ ...npmWorkspace(workload, 'lage'), 'lage.config.js': config }),
  build: (_, jobs) => ['node_modules/.bin/lage', 'build', '--concurrency', `${jobs}`],
  env: { DO_NOT_TRACK: '1' },
  inGit: true,
  state: ['node_modules/.cache'],
  ran: (printed) => numberIn(printed, /success: (\d+)/),
}

const config = `/** @type {import("lage").ConfigFileOptions} */
module.exports = {
  npmClient: 'npm',
  pipeline: {
    build: { dependsOn: ['^build'], inputs: ['in/**/*'], outputs: ['out/**/*'] },
  },
  cacheOptions: {
    cacheStorageConfig: { provider: 'local' },
    outputGlob: ['out/**/*'],
    environmentGlob: ['package.json', 'package-lock.json', 'lage.config.js'],
  },
}
`
