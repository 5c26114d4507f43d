import { badTask } from './bad-task.ts'
import { type DeclarationField, declarationShapes } from './declaration-shapes.ts'
import { Failed } from './failure.ts'
import type { Host, Hosts } from './host.ts'
import type { Instance } from './instance.ts'
import { UsageError } from './problem.ts'
import { legible } from './said.ts'
import { errorWithoutSecrets, secretsAmong } from './secrets.ts'
import { type Flaw, joined, untold } from './shape.ts'

type Apply = (field: DeclarationField, declared: any) => any

/** Applies the functions among an instance's declarations, and refuses what they return where it cannot be. What is no
 *  function was looked at when the task was declared. */
export function applier(instance: Pick<Instance, 'task' | 'host'>, config: unknown, hosts: Hosts): Apply {
  return (field, declared) =>
    typeof declared === 'function' ? applied(field, declared, instance, config, hosts) : declared
}

function applied(
  field: DeclarationField,
  declared: (where: object) => unknown,
  { task, host }: Pick<Instance, 'task' | 'host'>,
  config: unknown,
  hosts: Hosts,
): unknown {
  const where = {
    config,
    hosts,
    get host(): Host {
      if (host) return host
      throw new Error('it reads `host`, and its task is on none')
    },
  }
  const advice = `It is a function: look at what it does${host ? ` for \`${host.name}\`` : ''}.`
  const refusal = (flaw: Flaw) => badTask(task, { advice, ...flaw, place: joined(field, flaw.place) })
  const value = called(() => declared(where), refusal)
  const flaw = declarationShapes[task.on === undefined ? 'here' : 'onHosts'][field](value)
  if (flaw) throw errorWithoutSecrets(refusal(flaw), secretsAmong(value))
  return value
}

/** What it throws to say in its own words is left as it is. */
function called(declared: () => unknown, refusal: (flaw: Flaw) => Error): unknown {
  try {
    const value = withoutExit(declared)
    if (value instanceof Promise) value.catch(() => {}) // it is refused, and nobody will wait for it
    return value
  } catch (thrown) {
    const error = legible(thrown)
    if (error instanceof Failed || error instanceof UsageError) throw error
    throw refusal(untold(error))
  }
}

/** What would end the program, untold, is an error. */
function withoutExit<T>(call: () => T): T {
  const { exit } = process
  process.exit = (...code) => {
    throw new Error(`it called \`process.exit(${code.join()})\``)
  }
  try {
    return call()
  } finally {
    process.exit = exit
  }
}
