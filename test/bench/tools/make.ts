import { commandOf, needsOf, outputOf, sinksOf, tasksOf, type Workload } from '../workload.ts'
import { countIn, type Tool } from './tool.ts'

export const make: Tool = {
  name: 'make',
  comesFrom: { program: 'make', debian: 'make' },
  layout: 'root',
  files: (workload) => ({ Makefile: makefile(workload) }),
  build: (_, jobs) => ['make', `--jobs=${jobs}`],
  state: [],
  ran: (printed) => countIn(printed, /grep -v/g),
}

function makefile(workload: Workload): string {
  const rules = tasksOf(workload).map((task) => {
    const needs = needsOf(workload, task).map(outputOf)
    const prerequisites = [`$(wildcard in/${task}/*)`, ...needs].join(' ')
    return `${outputOf(task)}: ${prerequisites}\n\t${commandOf(workload, task)}\n`
  })
  return [
    'MAKEFLAGS += --no-builtin-rules\n',
    '.PHONY: all',
    `all: ${sinksOf(workload).map(outputOf).join(' ')}\n`,
    ...rules,
  ].join('\n')
}
