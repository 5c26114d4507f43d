import { parseArgs } from 'node:util'
import { count } from '../count.ts'
import { Refusal } from '../refusal.ts'
import type { Contender } from './contenders/contender.ts'
import { contenders } from './contenders/index.ts'
import { parseScenario, type Scenario } from './scenarios.ts'

export interface Options {
  install: boolean
  contenders: Contender[]
  scenarios: Scenario[]
  rounds: number
  forks: number
}

/** @throws Refusal with what may be asked for instead */
export function readOptions(args: string[]): Options {
  const { values } = parse(args)
  const megabytes = count('--bundle', values.bundle)
  return {
    install: values.install,
    contenders: values.contenders.split(',').map(contenderNamed),
    scenarios: values.scenarios.split(',').map((name) => parseScenario(name, megabytes)),
    rounds: count('--rounds', values.rounds),
    forks: count('--forks', values.forks),
  }
}

const known = contenders.map(({ name }) => name).join(',')

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        install: { type: 'boolean', default: false },
        contenders: { type: 'string', default: known },
        scenarios: { type: 'string', default: 'check:64,push:4,push:16,via:8,scale:500' },
        rounds: { type: 'string', default: '3' },
        forks: { type: 'string', default: '16' },
        bundle: { type: 'string', default: '100' },
      },
    })
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\nThe options are in test/bench/README.md.`)
  }
}

function contenderNamed(name: string): Contender {
  const found = contenders.find((one) => one.name === name)
  if (!found) throw new Refusal(`There is no contender \`${name}\`. There are: ${known}`)
  return found
}
