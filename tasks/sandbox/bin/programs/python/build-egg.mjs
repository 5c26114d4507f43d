// `setup.py bdist_egg`: makes dist/NAME-VERSION-py2.7[-PLATFORM].egg of the packages that a plain setup.py names.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeZip } from '../zip-file.mjs'
import { Refused } from './errors.mjs'
import { platform } from './platform.mjs'

export function buildEgg(args) {
  const [command, ...others] = args.filter((arg) => arg !== '-q' && arg !== '--quiet')
  if (command !== 'bdist_egg' || others.length > 0) throw new Refused(`cannot do: setup.py ${args.join(' ')}`)
  if (!existsSync('setup.py')) throw new Refused(`there is no setup.py in ${process.cwd()}`)
  const setup = readSetup(readFileSync('setup.py', 'utf8'))
  const entries = new Map(setup.packages.flatMap((name) => filesOf(name, setup.folder)))
  for (const [name, text] of metadata(setup)) entries.set(`EGG-INFO/${name}`, Buffer.from(text))
  const egg = `${setup.name}-${setup.version}-py2.7${setup.native ? `-${platform}` : ''}.egg`
  mkdirSync('dist', { recursive: true })
  writeFileSync(join('dist', egg), writeZip({ entries }))
  console.log(`creating 'dist/${egg}' (the sandbox's stand-in)`)
}

/** Reads what the call of `setup(…)` says by literals. */
function readSetup(text) {
  const literal = (field) => new RegExp(`^\\s*${field}\\s*=\\s*'([^']*)'`, 'm').exec(text)?.[1]
  const list = (field) => {
    const inside = new RegExp(`^\\s*${field}\\s*=\\s*\\[([^\\]]*)\\]`, 'm').exec(text)?.[1] ?? ''
    return [...inside.matchAll(/'([^']*)'/g)].map((match) => match[1])
  }
  const [name, version] = [literal('name'), literal('version')]
  if (!name || !version) throw new Refused('setup.py must say name and version by literals')
  return {
    name,
    version,
    packages: list('packages'),
    folder: /package_dir\s*=\s*\{\s*''\s*:\s*'([^']*)'/.exec(text)?.[1] ?? '.',
    namespaces: list('namespace_packages'),
    requires: list('install_requires'),
    native: /has_ext_modules/.test(text),
  }
}

function filesOf(packageName, folder) {
  const path = packageName.replaceAll('.', '/')
  const from = join(folder, path)
  if (!existsSync(from)) throw new Refused(`package ${packageName} is not there: ${from}`)
  return readdirSync(from)
    .filter((name) => name.endsWith('.py'))
    .map((name) => [`${path}/${name}`, readFileSync(join(from, name))])
}

function metadata(setup) {
  const lines = (list) => list.map((line) => `${line}\n`).join('')
  return [
    ['PKG-INFO', `Metadata-Version: 1.0\nName: ${setup.name}\nVersion: ${setup.version}\n`],
    ['namespace_packages.txt', lines(setup.namespaces)],
    ['requires.txt', lines(setup.requires.map((requirement) => requirement.replaceAll(' ', '')))],
    ['top_level.txt', lines([...new Set(setup.packages.map((name) => name.split('.')[0]))])],
    [setup.native ? 'not-zip-safe' : 'zip-safe', '\n'],
  ]
}
