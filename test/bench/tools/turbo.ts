import { npmWorkspace } from './npm-workspace.ts'
import { json, numberIn, type Tool } from './tool.ts'

export const turbo: Tool = {
  name: 'turbo',
  comesFrom: { npm: 'turbo' },
  layout: 'packages',
  files: (workload) => ({
    ...npmWorkspace(workload, 'turbo'),
    'turbo.json': json({
      tasks: { build: { dependsOn: ['^build'], inputs: ['in/**'], outputs: ['out/**'] } },
    }),
  }),
  build: (_, jobs) => ['node_modules/.bin/turbo', 'run', 'build', `--concurrency=${jobs}`],
  env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  inGit: true,
  state: ['.turbo', 'node_modules/.cache'],
  ran: (printed) => {
    const total = numberIn(printed, /Tasks: .* (\d+) total/)
    const cached = numberIn(printed, /Cached: .*?(\d+) cached/)
    return total === undefined || cached === undefined ? undefined : total - cached
  },
}
