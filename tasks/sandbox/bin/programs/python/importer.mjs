// Python's import, as far as the miniatures need it: a package is there when its file is, together with all that
// this file imports; what was built for another platform is refused.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readZip } from '../zip-file.mjs'
import { PythonError } from './errors.mjs'
import { platform } from './platform.mjs'

const STANDARD =
  /^(__future__|argparse|distutils|errno|glob|hashlib|json|os|pkg_resources|platform|re|setuptools|shutil|struct|subprocess|sys|tempfile|time|zipfile)(\.|$)/

/** `importModule(name)` gives the file's path or throws; `places` are eggs, folders, or maps of an archive's entries. */
export function importer(places) {
  const imported = new Map()
  return function importModule(name) {
    if (STANDARD.test(name)) return `<standard library: ${name}>`
    const parts = name.split('.')
    for (let depth = 1; depth <= parts.length; depth++) {
      const outer = parts.slice(0, depth).join('.')
      if (imported.has(outer)) continue
      const found = find(places.map(openOnce), outer.replaceAll('.', '/'))
      if (!found)
        throw new PythonError('ImportError', `No module named ${depth > 1 ? parts[depth - 1] : name}`)
      imported.set(outer, found.path)
      for (const needed of importsOf(found.text)) importModule(needed)
      requirePlatform(outer, found.text)
    }
    return imported.get(name)
  }
}

function find(roots, path) {
  for (const root of roots) {
    for (const file of [`${path}/__init__.py`, `${path}.py`]) {
      const bytes = root.read(file)
      if (bytes) return { path: `${root.name}/${file}`, text: bytes.toString() }
    }
  }
}

function importsOf(text) {
  return [...text.matchAll(/^(?:import|from)\s+([\w.]+)/gm)].map((match) => match[1])
}

function requirePlatform(name, text) {
  const built = /^PLATFORM = '(.*)'$/m.exec(text)?.[1]
  if (built && built !== platform) {
    throw new PythonError('ImportError', `${name} was built for ${built}: it cannot be loaded on ${platform}`)
  }
}

const opened = new Map()

function openOnce(place) {
  if (!opened.has(place)) opened.set(place, open(place))
  return opened.get(place)
}

/** What does not exist holds nothing, as on Python's path. */
function open(place) {
  if (place instanceof Map) return { name: '', read: (file) => place.get(file) }
  if (!existsSync(place)) return { name: place, read: () => undefined }
  if (statSync(place).isDirectory()) return { name: place, read: (file) => readIfThere(join(place, file)) }
  const { entries } = readZip(readFileSync(place))
  return { name: place, read: (file) => entries.get(file) }
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path) : undefined
}
