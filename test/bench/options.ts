import { availableParallelism, tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { count } from './count.ts'
import { Refusal } from './refusal.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { tools } from './tools/index.ts'
import type { Tool } from './tools/tool.ts'
import { parseWorkload, type Workload } from './workload.ts'

export interface Options {
  install: boolean
  tools: Tool[]
  workloads: Workload[]
  scenarios: Scenario[]
  rounds: number
  jobs: number
  rest: number
  folder: string
}

const allOf = (named: { name: string }[]) => named.map(({ name }) => name).join(',')

/** @throws Refusal with what may be asked for instead */
export function readOptions(args: string[]): Options {
  const { values } = parse(args)
  return {
    install: values.install,
    tools: chosen('tool', values.tools, tools),
    workloads: values.workload.split(',').map(parseWorkload),
    scenarios: chosen('scenario', values.scenarios, scenarios),
    rounds: count('--rounds', values.rounds),
    jobs: count('--jobs', values.jobs),
    rest: count('--rest', values.rest),
    folder: values.folder,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        install: { type: 'boolean', default: false },
        tools: { type: 'string', default: allOf(tools) },
        workload: { type: 'string', default: '100x10' },
        scenarios: { type: 'string', default: allOf(scenarios) },
        rounds: { type: 'string', default: '5' },
        jobs: { type: 'string', default: `${availableParallelism()}` },
        rest: { type: 'string', default: '6000' },
        folder: { type: 'string', default: tmpdir() },
      },
    })
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\nThe options are in test/bench/README.md.`)
  }
}

function chosen<Named extends { name: string }>(kind: string, names: string, all: Named[]): Named[] {
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name)
    if (!found) throw new Refusal(`There is no ${kind} \`${name}\`. There are: ${allOf(all)}`)
    return found
  })
}
