import { readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  build,
  type ImportKind,
  type Loader,
  type Metafile,
  type OnResolveResult,
  type Plugin,
} from 'esbuild'
import { rivalsOf } from '../inputs/rivals.ts'
import { isHarmless } from './harmless.ts'

export interface Compiled {
  /** An ES module; or, which Node loads faster, a script that exports a function of `require`. */
  code: string
  isScript: boolean
  /** Whether it changes no file while it is loaded, unless it waits for somebody who does. */
  isHarmless: boolean
  /** Absolute paths of what it was made from. */
  sources: string[]
  /** Absolute paths of what says how sources are found and read, and which packages are there. They need not exist. */
  settings: string[]
}

export interface EnginePlaces {
  /** Absolute path of `lib/index.ts`, as tasks import it. */
  source: string
  /** Absolute path of the compiled module that takes its place. */
  module: string
  /** Absolute path of the compiled program that compiles entries. */
  starter: string
}

/** A workspace's entry with all that it imports from its workspace in one module, packages and the engine left outside. */
export async function compile(entry: string, engine: EnginePlaces): Promise<Compiled> {
  const folder = dirname(entry)
  const settings = settingsAbove(folder)
  const pipes = settings.filter(isPipe)
  if (pipes.length > 0) throw Object.assign(new Error('no file'), { errors: pipes.map(pipe) })
  const { outputFiles, metafile } = await build({
    // Nobody wants what the entry exports.
    stdin: { contents: `import './${basename(entry)}'`, resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    define: Object.fromEntries(
      Object.keys(placeOf('')).map((name) => [`import.meta.${name}`, `module_${name}`]),
    ),
    // It says in stack traces where its sources are.
    sourcemap: 'inline',
    sourcesContent: false,
    sourceRoot: pathToFileURL(`${folder}/`).href,
    plugins: [outside(engine), ownPlaces],
  })
  const files = Object.keys(metafile.inputs).filter(
    (path) => path !== '<stdin>' && !path.startsWith(`${namespace}:`),
  )
  const code = outputFiles[0]!.text
  const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
  const isScript = !imports.some(({ kind }) => kind === 'import-statement') && !code.includes('import.meta')
  const foreign = outsiders(metafile).filter((path) => path !== engine.module)
  return {
    code: isScript ? scriptOf(code) : moduleOf(code, entry),
    isScript,
    isHarmless: isScript && imports.length === 0 && isHarmless(code, foreign),
    sources: files.map((path) => resolve(folder, path)),
    settings: [...rivalsOf(metafile, folder), ...settings],
  }
}

// What is put before the code stays in its first line: the source map counts lines.

function moduleOf(code: string, entry: string): string {
  const start = `import{createRequire as ${given}_from}from'node:module';const ${given}=${given}_from`
  return `${start}(${JSON.stringify(entry)});${code}`
}

/** Only in a function may a script wait for what it loads. */
function scriptOf(code: string): string {
  return `module.exports=async function tasks(${given},require,module,exports,__filename,__dirname){"use strict";${code}\n}`
}

/** By this the code loads what comes with Node, and the engine. */
const given = 'given_require'

/** Of what is loaded so: esbuild says it where a name is not exported there. */
const namespace = 'outside'

/** The addresses of modules that are left outside. */
function outsiders({ inputs }: Metafile): string[] {
  const start = `${namespace}:`
  return Object.keys(inputs)
    .filter((path) => path.startsWith(start))
    .map((path) => path.slice(start.length))
}

/** Leaves to Node what is not of the workspace. */
function outside({ source, module }: EnginePlaces): Plugin {
  return {
    name: 'outside',
    setup(pending) {
      const place = async (path: string, kind: ImportKind, folder: string): Promise<OnResolveResult> => {
        if (isBuiltin(path)) return kind === 'require-call' ? { path, external: true } : { path, namespace }
        const file = path.startsWith('file:') ? fileURLToPath(path) : path
        const found = await pending.resolve(file, { kind, resolveDir: folder, pluginData: resolved })
        if (found.errors.length > 0 || found.external) return found
        if (realpathSync(found.path) === source) return { path: module, namespace }
        if (found.path.includes('/node_modules/'))
          return { path: pathToFileURL(found.path).href, external: true }
        // Found once more by esbuild itself, it is read with its settings.
        return file === path ? {} : found
      }
      pending.onResolve({ filter: /.*/ }, ({ path, kind, resolveDir, pluginData }) =>
        pluginData === resolved ? undefined : place(path, kind, resolveDir),
      )
      pending.onLoad({ filter: /.*/, namespace }, async ({ path }) => ({
        contents: exporting(path, await namesIn(path)),
      }))
    },
  }
}

const resolved = Symbol('resolved')

async function namesIn(path: string): Promise<string[]> {
  return Object.keys(isBuiltin(path) ? await import(path) : createRequire(import.meta.url)(path))
}

/** A module that exports what is loaded from a path. What nobody imports is not asked for. */
function exporting(path: string, names: string[]): string {
  const values = names.map((name, index) => {
    const value = name === 'default' ? 'all' : `all[${JSON.stringify(name)}]`
    return `const e${index} = /* @__PURE__ */ (() => ${value})()\n`
  })
  const exported = names.map((name, index) => `e${index} as ${JSON.stringify(name)}`)
  return `const all = ${given}(${JSON.stringify(path)})\n${values.join('')}export { ${exported.join(', ')} }`
}

/** Lets every module go on to say where its own source lies. */
const ownPlaces: Plugin = {
  name: 'own places',
  setup(pending) {
    pending.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
      if (isPipe(path)) return { errors: [pipe(path)] }
      const [, ending] = /\.[cm]?([jt]s)$/.exec(path) ?? []
      if (!ending) return undefined
      const places = Object.entries(placeOf(path)).map(
        ([name, value]) => `module_${name}=${JSON.stringify(value)}`,
      )
      const source = readFileSync(path, 'utf8').replace(/^#!.*/, '')
      return { contents: `const ${places.join()};${source}`, loader: ending as Loader }
    })
  },
}

/** Whether it is a pipe, or the like: what that may bring is not waited for. */
function isPipe(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && !stat.isFile() && !stat.isDirectory()
}

function pipe(path: string) {
  return { text: `${path} is no file`, location: null }
}

function placeOf(path: string): Record<string, string> {
  return { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
}

function settingsAbove(folder: string): string[] {
  const here = ['tsconfig.json', 'package.json', 'node_modules/.package-lock.json'].map((name) =>
    join(folder, name),
  )
  return folder === dirname(folder) ? here : [...here, ...settingsAbove(dirname(folder))]
}
