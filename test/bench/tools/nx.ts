import { commandOf, needsOf, tasksOf, type Workload } from '../workload.ts'
import { json, numberIn, type Tool } from './tool.ts'

export const nx = withDaemon('nx', true)
export const nxWithoutDaemon = withDaemon('nx-no-daemon', false)

function withDaemon(name: string, daemon: boolean): Tool {
  return {
    name,
    comesFrom: { npm: 'nx' },
    layout: 'packages',
    files: (workload) => ({
      'package.json': json({ name: 'workspace', version: '1.0.0', private: true }),
      'nx.json': json({
        analytics: false,
        cacheDirectory: '.nx/cache',
        neverConnectToCloud: true,
        useDaemonProcess: daemon,
        targetDefaults: {
          build: {
            cache: true,
            dependsOn: ['^build'],
            inputs: ['{projectRoot}/in/**/*', '^{projectRoot}/in/**/*'],
            outputs: ['{projectRoot}/out'],
          },
        },
      }),
      ...Object.fromEntries(tasksOf(workload).map((task) => project(workload, task))),
    }),
    build: (_, jobs) => ['node_modules/.bin/nx', 'run-many', '-t', 'build', `--parallel=${jobs}`],
    env: { NX_DAEMON: `${daemon}`, NX_NO_CLOUD: 'true', NX_TUI: 'false', DO_NOT_TRACK: '1' },
    inGit: true,
    state: ['.nx'],
    stop: ['node_modules/.bin/nx', 'daemon', '--stop'],
    ran: (printed) => {
      const [done, projects] =
        /Successfully ran target build for (?:(\d+) projects|project )/.exec(printed) ?? []
      const cached = numberIn(printed, /(\d+) out of \d+ tasks?/) ?? 0
      return done === undefined ? undefined : Number(projects ?? 1) - cached
    },
  }
}

function project(workload: Workload, task: number): [string, string] {
  const needs = needsOf(workload, task).map((need) => `t${need}`)
  const command = { command: commandOf(workload, task), options: { cwd: '{projectRoot}' } }
  return [
    `packages/t${task}/project.json`,
    json({ name: `t${task}`, implicitDependencies: needs, targets: { build: command } }),
  ]
}
