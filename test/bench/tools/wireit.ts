import { commandOf, needsOf, outputOf, sinksOf, tasksOf, type Workload } from '../workload.ts'
import { json, numberIn, type Tool } from './tool.ts'

export const wireit: Tool = {
  name: 'wireit',
  comesFrom: { npm: 'wireit' },
  layout: 'root',
  files: (workload) => ({ 'package.json': manifest(workload) }),
  build: () => ['npm', 'run', 'build'],
  state: ['.wireit'],
  ran: (printed) => numberIn(printed, /Ran (\d+) scripts?/),
}

function manifest(workload: Workload): string {
  const tasks = tasksOf(workload)
  const script = (task: number) => ({
    command: commandOf(workload, task),
    dependencies: needsOf(workload, task).map(name),
    files: [`in/${task}/*`],
    output: [outputOf(task)],
  })
  return json({
    name: 'workspace',
    private: true,
    scripts: Object.fromEntries(['build', ...tasks.map(name)].map((script) => [script, 'wireit'])),
    wireit: {
      build: { dependencies: sinksOf(workload).map(name) },
      ...Object.fromEntries(tasks.map((task) => [name(task), script(task)])),
    },
  })
}

const name = (task: number) => `t${task}`
