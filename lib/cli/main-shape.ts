import { aTask } from '../model/needs-shape.ts'
import {
  aFunction,
  type Flaw,
  fields,
  flaw,
  listOf,
  mustBe,
  namedBy,
  orFunction,
  type Shape,
  text,
  wholeNumber,
  within,
} from '../model/shape.ts'
import { parseSize } from '../model/size.ts'
import type { Options } from './option.ts'

/**
 * What `main()` takes.
 * @param reserved options of the command line: roles are options, too, and must not be named like these
 */
export function mainShape(reserved: Options): Shape {
  return fields(
    {
      tasks: listOf('tasks', aTask),
      config: orFunction(aSchema),
      roles: (value) => howMany(value) ?? badName(Object.keys(value as object), reserved),
      pools: namedBy('capacities', wholeNumber(1, 10_000)),
      lease: text('the name of a role', /\S/),
      cache: fields({ maxSize: mustBe('a size such as `10GB` or `500MB`', isSize) }),
      doctor: aFunction,
      deepCheck: aTask,
      via: aFunction,
      sandbox,
      links: aFunction,
    },
    ['tasks'],
  )
}

export const aSchema = mustBe('a zod schema', (value) => typeof (value as any)?.safeParse === 'function')

const isSize = (value: unknown) => typeof value === 'string' && parseSize(value) !== undefined

const howMany = namedBy(
  '`one` or `many` by role',
  mustBe('`one` or `many`', (value) => value === 'one' || value === 'many'),
)

function badName(roles: string[], reserved: Options): Flaw | undefined {
  const taken = roles.find((role) => Object.hasOwn(reserved, role))
  if (taken !== undefined)
    return within(
      taken,
      flaw('is an option of the command line, and so would be the role', 'Rename that role.'),
    )
  const odd = roles.find((role) => !/^[a-z][a-z0-9-]*$/i.test(role))
  return odd === undefined
    ? undefined
    : within(odd, flaw('must be a word of letters, digits and `-`: it becomes an option of the command line'))
}

const sandbox = fields(
  {
    hosts: namedBy('numbers of hosts', wholeNumber(1, 1000)),
    ports: listOf('names', text('a name', /\S/)),
    standIns: text('an absolute path', /^\//),
    config: aFunction,
    furnish: aFunction,
    prepare: aFunction,
    services: aFunction,
  },
  ['hosts', 'ports', 'standIns', 'config', 'furnish', 'services'],
)
