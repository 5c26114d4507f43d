import { commandOf, needsOf, outputOf, tasksOf, type Workload } from '../workload.ts'
import { json, numberIn, type Tool } from './tool.ts'

export const moon: Tool = {
  name: 'moon',
  comesFrom: { npm: '@moonrepo/cli' },
  layout: 'packages',
  files: (workload) => ({
    'package.json': json({ name: 'workspace', version: '1.0.0', private: true }),
    '.moon/workspace.json': json({ projects: ['packages/*'], vcs: { client: 'git' }, telemetry: false }),
    ...Object.fromEntries(tasksOf(workload).map((task) => project(workload, task))),
  }),
  build: (_, jobs) => ['node_modules/.bin/moon', 'run', ':build', '--concurrency', `${jobs}`],
  env: { MOON_TELEMETRY: 'false', DO_NOT_TRACK: '1' },
  inGit: true,
  state: ['.moon/cache'],
  stop: ['node_modules/.bin/moon', 'daemon', 'stop'],
  ran: (printed) => {
    const total = numberIn(printed, /Tasks: (\d+) completed/)
    return total === undefined ? undefined : total - (numberIn(printed, /(\d+) cached/) ?? 0)
  },
}

function project(workload: Workload, task: number): [string, string] {
  const needs = needsOf(workload, task).map((need) => `t${need}`)
  return [
    `packages/t${task}/moon.json`,
    json({
      dependsOn: needs,
      tasks: {
        build: {
          script: commandOf(workload, task),
          deps: ['^:build'],
          inputs: ['in/**/*'],
          outputs: [outputOf(task)],
        },
      },
    }),
  ]
}
