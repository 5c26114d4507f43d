import { commandOf, inputsOf, needsOf, outputOf, tasksOf, type Workload } from '../workload.ts'
import { countIn, type Tool } from './tool.ts'

export const ninja = withRule('ninja', (workload, task) => commandOf(workload, task))

/** Leaves an output alone that came out the same: what depends on it need not run. */
export const ninjaRestat = withRule(
  'ninja-restat',
  (workload, task) => {
    const made = `${outputOf(task)}.new`
    const [old, replace] = [outputOf(task), `mv ${made} ${outputOf(task)}`]
    return `${commandOf(workload, task, made)} && if cmp -s ${made} ${old}; then rm ${made}; else ${replace}; fi`
  },
  ['  restat = 1'],
)

function withRule(
  name: string,
  command: (workload: Workload, task: number) => string,
  settings: string[] = [],
): Tool {
  const rule = ['rule strip', '  command = $command', ...settings, '']
  const build = (workload: Workload, task: number) => {
    const needs = needsOf(workload, task).map(outputOf)
    const dependencies = [...inputsOf(workload, task), ...(needs.length > 0 ? ['|', ...needs] : [])].join(' ')
    return `build ${outputOf(task)}: strip ${dependencies}\n  command = ${command(workload, task)}\n`
  }
  return {
    name,
    comesFrom: { program: 'ninja', debian: 'ninja-build' },
    layout: 'root',
    files: (workload) => ({
      'build.ninja': [...rule, ...tasksOf(workload).map((task) => build(workload, task))].join('\n'),
    }),
    build: (_, jobs) => ['ninja', '-j', `${jobs}`],
    state: ['.ninja_log', '.ninja_deps'],
    ran: (printed) => countIn(printed, /^\[\d+\/\d+\] /gm),
  }
}
