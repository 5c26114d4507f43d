import { declarationShapes } from './declaration-shapes.ts'
import { parseDuration } from './duration.ts'
import { fileOf } from './graph.ts'
import { needs } from './needs-shape.ts'
import {
  aFunction,
  fields,
  flaw,
  listOf,
  mustBe,
  named,
  orFunction,
  type Shape,
  text,
  wholeNumber,
  yesOrNo,
} from './shape.ts'

function shape({ remote }: { remote: boolean }): Shape {
  const { inputs, outputs, collect } = declarationShapes[remote ? 'onHosts' : 'here']
  return fields(
    {
      module: mustBe('`import.meta.url`', isModule),
      name: mustBe(
        'up to 100 letters, digits, `.`, `_` and `-`, the first one a letter or digit',
        (value) => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value),
      ),
      description: mustBe(
        'a line that says what the task does',
        (value) => typeof value === 'string' && /\S/.test(value) && !controls.test(value),
      ),
      needs,
      on: roles,
      inputs: orFunction(inputs),
      outputs: orFunction(outputs),
      collect: remote ? orFunction(collect) : () => onlyOnHosts('brings files home from a host'),
      pool: text('the name of a pool', /\S/),
      timeout: duration,
      retries: wholeNumber(0, 10),
      keepOutputs: yesOrNo,
      always: yesOrNo,
      tolerate: mustBe(
        'a number of hosts or a share such as `25%`',
        (value) =>
          (Number.isInteger(value) && (value as number) >= 0) ||
          (typeof value === 'string' && /^(100|\d{1,2})%$/.test(value)),
      ),
      probe: aFunction,
      skip: remote ? aFunction : () => onlyOnHosts('skips hosts'),
      run: aFunction,
    },
    ['module', 'name', 'description', 'run'],
  )
}

/** Not written where it is used: in the compiled engine, that makes it anew each time. */
const controls = /\p{Cc}/u

function isModule(value: unknown): boolean {
  try {
    return typeof value === 'string' && fileOf({ module: value }).startsWith('/')
  } catch {
    return false // a URL that is not of a file
  }
}

const roles: Shape = (value) => {
  const role = text('a role or an array of roles', /\S/)
  if (!Array.isArray(value)) return role(value)
  if (value.length === 0) return flaw('must name a role', 'Leave it out for a task on this machine.')
  return (
    listOf('roles', role)(value) ??
    (new Set(value).size < value.length ? flaw('names a role twice') : undefined)
  )
}

const onlyOnHosts = (what: string) =>
  flaw(`${what}, and this task is on none`, 'Say `on` which role it runs, or leave it out.')

/** What a timer can wait for. */
const longestTimeout = 2 ** 31 - 1

const duration: Shape = (value) => {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined
  if (ms === undefined) return flaw(`must be a time such as \`90s\`, \`10m\` or \`2h\`, not ${named(value)}`)
  return ms > 0 && ms <= longestTimeout
    ? undefined
    : flaw(`is ${named(value)}: it must be from 1 ms to 596 hours`)
}

/** What `task()` takes. */
export const taskShapes = { here: shape({ remote: false }), onHosts: shape({ remote: true }) }
