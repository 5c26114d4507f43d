// Puts a pex together: a zip behind a shebang, with the program's modules, its resources and its distributions.
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { writeZip } from '../zip-file.mjs'
import { fail } from './fail.mjs'
import { resolve } from './requirements.mjs'

const SOURCES = 'src/main/python/'
const RESOURCES = 'src/main/resources/'
const NOT_FOR_PYTHON = `import sys
sys.exit("This pex of a sandbox's miniature Aurora runs on the sandbox's python2.7 only.")
`

/** The pex's bytes: the same for the same sources and distributions. */
export function pexOf(root, name, { source, requirements, resources }) {
  const entries = new Map()
  for (const module of closure(root, source))
    entries.set(module.slice(SOURCES.length), readFileSync(join(root, module)))
  for (const file of resources) entries.set(file.slice(RESOURCES.length), readFileSync(join(root, file)))
  for (const path of [...entries.keys()]) addPackages(entries, path)
  for (const [egg, files] of resolve(root, requirements)) {
    for (const [path, bytes] of files) entries.set(`.deps/${egg}/${path}`, bytes)
  }
  entries.set(
    'PEX-INFO',
    Buffer.from(`${JSON.stringify({ miniature: true, entry_point: name, requirements })}\n`),
  )
  entries.set('__main__.py', Buffer.from(NOT_FOR_PYTHON))
  entries.set('__main__.mjs', Buffer.from(`export { main } from './${source.slice(SOURCES.length)}'\n`))
  return writeZip({ prefix: Buffer.from('#!/usr/bin/env python2.7\n'), entries })
}

/** A module and all that it imports by relative path, from the root. */
function closure(root, module, found = new Set()) {
  if (found.has(module)) return found
  if (!module.startsWith(SOURCES)) fail(`${module} does not lie under ${SOURCES}`)
  found.add(module)
  const text = readFileSync(join(root, module), 'utf8')
  for (const [, path] of text.matchAll(/from '(\.[^']+)'/g))
    closure(root, posix.join(posix.dirname(module), path), found)
  return found
}

function addPackages(entries, path) {
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    const init = `${folder}/__init__.py`
    if (!entries.has(init)) entries.set(init, Buffer.alloc(0))
  }
}
