// Finds the distributions that a pex needs: pinned in requirements.txt, looked for in the `repos` of pants.ini, then in
// its `indices`. Never in pants' own environment.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { machine } from 'node:os'
import { join } from 'node:path'
import { readZip } from '../zip-file.mjs'
import { fail } from './fail.mjs'

const PLATFORM = `linux-${machine()}`

/** Distribution's file name → its entries, with all that the distributions need in turn. */
export function resolve(root, names) {
  const pins = new Map(
    readLines(join(root, '3rdparty/python/requirements.txt')).map((line) => line.split('==')),
  )
  const places = readPlaces(root)
  const found = new Map()
  const take = (name, version) => {
    const distribution = findEgg(places.repos, name, version) ?? findInIndex(places.indices, name)
    if (!distribution)
      fail(
        `Could not satisfy all requirements for ${name}${version ? `==${version}` : ''}: nothing fits in ${places.repos} for ${PLATFORM}`,
      )
    if (found.has(distribution.name)) return
    found.set(distribution.name, distribution.entries)
    for (const [needed, pinned] of requires(distribution.entries)) take(needed, pinned)
  }
  for (const name of names) take(name, pins.get(name))
  return found
}

/** Relative to the working directory, as in the real one. */
function readPlaces(root) {
  const ini = readFileSync(join(root, 'pants.ini'), 'utf8')
  const folder = (key) => new RegExp(`^${key}: \\['(.*)'\\]$`, 'm').exec(ini)?.[1] ?? ''
  return { repos: folder('repos'), indices: folder('indices') }
}

function findEgg(folder, name, version) {
  if (!existsSync(folder)) return undefined
  const fits = new RegExp(
    `^${name.replaceAll('.', '\\.')}-${version ?? '[^-]+'}-py2\\.7(-${PLATFORM})?\\.egg$`,
  )
  const egg = readdirSync(folder).find((file) => fits.test(file))
  return egg && { name: egg, entries: readZip(readFileSync(join(folder, egg))).entries }
}

/** The miniature's index is a folder of sources; it has Protocol Buffers, and nothing of Mesos. */
function findInIndex(folder, name) {
  if (name !== 'protobuf' || !existsSync(folder)) return undefined
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.py'))
  return {
    name: 'protobuf-2.5.0-py2.7.egg',
    entries: new Map(files.map((file) => [file, readFileSync(join(folder, file))])),
  }
}

function requires(entries) {
  const lines = entries.get('EGG-INFO/requires.txt')?.toString().split('\n') ?? []
  return lines
    .filter((line) => line !== '')
    .map((line) => [/^[\w.]+/.exec(line)[0], /==([\w.]+)/.exec(line)?.[1]])
}

function readLines(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}
