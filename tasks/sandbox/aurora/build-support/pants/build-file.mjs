// Reads `python_binary(name = …, source = …, …)` from BUILD files.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from './fail.mjs'

/** `target` is `path:name`; gives `{ name, source, requirements, resources }`, source and resources from the root. */
export function readBinary(root, target) {
  const [path, name] = target.split(':')
  const file = join(root, path, 'BUILD')
  if (!name || !existsSync(file)) fail(`No BUILD files found in ${path} (for ${target})`)
  const binaries = [...readFileSync(file, 'utf8').matchAll(/^python_binary\(\n([\s\S]*?)^\)/gm)].map(
    (match) => match[1],
  )
  const body = binaries.find((text) => literal(text, 'name') === name)
  if (!body)
    fail(
      `Could not find target ${target}. ${path} has: ${binaries.map((text) => literal(text, 'name')).join(', ')}`,
    )
  return {
    name,
    source: join(path, literal(body, 'source')),
    requirements: list(body, 'dependencies').map((address) => address.replace(/^3rdparty\/python:/, '')),
    resources: list(body, 'resources'),
  }
}

function literal(text, field) {
  return new RegExp(`^\\s*${field} = '([^']*)'`, 'm').exec(text)?.[1]
}

function list(text, field) {
  const inside = new RegExp(`^\\s*${field} = \\[([^\\]]*)\\]`, 'm').exec(text)?.[1] ?? ''
  return [...inside.matchAll(/'([^']*)'/g)].map((match) => match[1])
}
