import { parseDuration } from './duration.ts'
import { fileOf } from './graph.ts'
import { nearest } from './nearest.ts'
import { patternProblem } from './pattern.ts'
import { UsageError } from './problem.ts'
import type { Selection, Task, TaskOptions } from './task.ts'

/** Declares a task. A declaration that cannot be is a `UsageError` that names the task, the field and a remedy. */
export function task<Config = any>(options: TaskOptions<Config>): Task<Config> {
  check(options)
  return { ...options, kind: 'task' }
}

/** Needs a task for those of its outputs that match: the others may change without a new run. */
export function only<Config>(task: Task<Config>, ...globs: string[]): Selection<Config> {
  return { kind: 'selection', task, only: globs }
}

const fields: Record<string, (value: any, options: TaskOptions<any>) => string | undefined> = {
  module: (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be `import.meta.url`'),
  name: (value) =>
    typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value)
      ? undefined
      : 'must start with a letter or digit and hold only letters, digits, `.`, `_` and `-`',
  description: (value) =>
    typeof value === 'string' && value.trim() ? undefined : 'must say in a few words what the task does',
  needs: (value) =>
    Array.isArray(value) && value.every((need) => need?.kind === 'task' || need?.kind === 'selection')
      ? undefined
      : 'must be an array of tasks, as `task()` and `only()` return them',
  on: (value) =>
    [value].flat().every((role) => typeof role === 'string' && role !== '')
      ? undefined
      : 'must be a role or several',
  inputs: (value) => functionOr(value, (inputs) => subfields(inputs, inputFields)),
  outputs: (value, options) =>
    functionOr(value, (outputs) =>
      subfields(outputs, { files: patternsOn(options.on ? 'host' : 'workspace') }),
    ),
  collect: (value, options) =>
    options.on
      ? functionOr(value, (collect) =>
          subfields(collect, {
            files: patternsOn('host'),
            into: (into) => patternProblem(into, 'workspace'),
          }),
        )
      : 'brings files home from a host: the task must say `on` which',
  pool: (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be the name of a pool'),
  timeout: (value) =>
    typeof value === 'string' && parseDuration(value)
      ? undefined
      : 'must be a time such as `90s`, `10m` or `2h`',
  retries: (value) =>
    Number.isInteger(value) && value >= 0 && value <= 10 ? undefined : 'must be a whole number from 0 to 10',
  keepOutputs: isBoolean,
  always: isBoolean,
  tolerate: (value) =>
    (Number.isInteger(value) && value >= 0) || /^(100|\d{1,2})%$/.test(String(value))
      ? undefined
      : 'must be a number of hosts or a share such as `25%`',
  probe: isFunction,
  run: isFunction,
}

const inputFields: Fields = {
  files: patternsOn('workspace'),
  env: namesOfVariables,
  values: (value) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? undefined
      : 'must be an object of JSON values',
  facts: (value) => (value && typeof value === 'object' ? undefined : 'must be an object of facts'),
  secrets: namesOfVariables,
  downloads: (value) => (Array.isArray(value) ? undefined : 'must be an array of downloads'),
}

const required = ['module', 'name', 'description', 'run']

function check(options: TaskOptions<any>): void {
  const given = Object.entries(options ?? {})
  const refused = (field: string, problem: string, advice: string): never => {
    const { name, module } = options ?? {}
    const file = typeof module === 'string' ? fileOf({ module }) : ''
    throw new UsageError({ kind: 'bad-task', task: String(name ?? ''), file, field, problem, advice })
  }
  for (const [field] of given) {
    if (Object.hasOwn(fields, field)) continue
    const meant = nearest(field, Object.keys(fields))[0]
    refused(
      field,
      'is not a field of a task',
      meant ? `Did you mean \`${meant}\`?` : `Fields are: ${Object.keys(fields).join(', ')}.`,
    )
  }
  for (const field of required)
    if ((options as any)?.[field] === undefined) refused(field, 'is missing', 'Every task gives it.')
  for (const [field, value] of given) {
    const problem = value === undefined ? undefined : fields[field]!(value, options)
    if (problem) refused(field, problem, 'See “The API for task authors” in lib/README.md.')
  }
}

type Fields = Record<string, (value: any) => string | undefined>

function subfields(value: any, known: Fields): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'must be an object'
  for (const [field, part] of Object.entries(value)) {
    const checkPart = Object.hasOwn(known, field) ? known[field] : undefined
    if (!checkPart) return `has no field \`${field}\`; it has ${Object.keys(known).join(', ')}`
    const problem = functionOr(part, checkPart)
    if (problem) return `\`${field}\`: ${problem}`
  }
  return undefined
}

function functionOr(value: unknown, checkValue: (value: any) => string | undefined): string | undefined {
  return typeof value === 'function' || value === undefined ? undefined : checkValue(value)
}

function patternsOn(where: 'workspace' | 'host') {
  return (value: unknown): string | undefined => {
    if (!Array.isArray(value)) return 'must be an array of paths'
    for (const pattern of value) {
      const problem = patternProblem(pattern, where)
      if (problem) return `${problem} (\`${String(pattern)}\`)`
    }
    return undefined
  }
}

function namesOfVariables(value: unknown): string | undefined {
  return Array.isArray(value) &&
    value.every((name) => typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name))
    ? undefined
    : 'must be an array of variable names'
}

function isBoolean(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'must be true or false'
}

function isFunction(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : 'must be a function'
}
