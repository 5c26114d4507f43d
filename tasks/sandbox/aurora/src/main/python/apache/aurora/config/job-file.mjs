// Reads job files: of the Python that they are written in, as much as describes jobs.
import { readFileSync } from 'node:fs'

const units = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }
/** Name of a thing → its fields; those that it cannot do without end with `!`. */
const things = {
  Process: ['name!', 'cmdline!', 'max_failures', 'daemon', 'ephemeral', 'min_duration', 'final'],
  Resources: ['cpu!', 'ram!', 'disk!'],
  Task: ['name', 'processes!', 'resources!', 'constraints', 'max_failures', 'finalization_wait'],
  SequentialTask: ['name', 'processes!', 'resources!', 'max_failures', 'finalization_wait'],
  Job: [
    'cluster!',
    'role!',
    'environment!',
    'name',
    'task!',
    'instances',
    'service',
    'production',
    'priority',
  ],
  Service: ['cluster!', 'role!', 'environment!', 'name', 'task!', 'instances', 'production', 'priority'],
}

/** The job of that key, `cluster/role/environment/name`. Throws an error that says what is wrong with the file. */
export function readJob(file, key) {
  const { jobs } = evaluate(readFileSync(file, 'utf8'))
  if (!Array.isArray(jobs)) throw new Error(`${file} has no list of jobs`)
  const job = jobs.map(complete).find((one) => keyOf(one) === key)
  if (!job) throw new Error(`${file} has no job ${key}; it has ${jobs.map(complete).map(keyOf).join(', ')}`)
  return job
}

function complete(job) {
  const { environment, task } = job
  if (!/^(prod|devel|test|staging\d*)$/.test(environment))
    throw new Error(`environment must be prod, devel, test or staging<N>, not ${environment}`)
  const name = job.name ?? task.name ?? task.processes[0].name
  for (const word of [job.role, name])
    if (!/^[\w.-]+$/.test(word)) throw new Error(`${word} cannot be a name`)
  return { instances: 1, ...job, name }
}

const keyOf = ({ cluster, role, environment, name }) => [cluster, role, environment, name].join('/')

function evaluate(text) {
  const tokens = text.match(/#.*|'[^'\n]*'|"[^"\n]*"|[A-Za-z_]\w*|\d+(?:\.\d+)?|[=,()[\]*]|\S/g) ?? []
  const left = tokens.filter((token) => !token.startsWith('#'))
  const names = { ...units, True: true, False: false, None: undefined }
  const take = (wanted) => {
    const token = left.shift()
    if (token === undefined || (wanted && token !== wanted))
      throw new Error(`the miniature's job files: ${wanted ?? 'more'} is expected, not ${token ?? 'the end'}`)
    return token
  }
  const listUntil = (end, item) => {
    const items = []
    while (left[0] !== end) {
      items.push(item())
      if (left[0] !== end) take(',')
    }
    take(end)
    return items
  }
  const field = () => {
    const name = take()
    take('=')
    return [name, value()]
  }
  const value = () => {
    const first = simple()
    if (left[0] !== '*') return first
    take('*')
    return first * simple()
  }
  const simple = () => {
    const token = take()
    if (/^['"]/.test(token)) return token.slice(1, -1)
    if (/^\d/.test(token)) return Number(token)
    if (token === '[') return listUntil(']', value)
    if (token in things && left[0] === '(') {
      take('(')
      return make(token, Object.fromEntries(listUntil(')', field)))
    }
    if (token in names) return names[token]
    throw new Error(`name '${token}' is not defined`)
  }
  while (left.length > 0) {
    const [name, result] = field()
    names[name] = result
  }
  return names
}

function make(thing, fields) {
  const known = things[thing]
  for (const name of Object.keys(fields))
    if (!known.some((field) => field.replace('!', '') === name)) throw new Error(`${thing} has no ${name}`)
  for (const field of known)
    if (field.endsWith('!') && fields[field.slice(0, -1)] === undefined)
      throw new Error(`${thing} needs ${field.slice(0, -1)}`)
  return fields
}
