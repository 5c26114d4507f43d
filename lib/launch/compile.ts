import { readFileSync, realpathSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type ImportKind, type Loader, type OnResolveResult, type Plugin } from 'esbuild'
import { rivalsOf } from '../inputs/rivals.ts'

export interface Compiled {
  /** A CommonJS module that exports a function of `require` and `import`. */
  code: string
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
}

/** Parameters of the code: functions that load what is outside, as `require` and `import()` do. */
const [required, imported] = ['required_outside', 'imported_outside']

/** Names that mean nothing in an ES module. */
const hidden = 'require,module,exports,__filename,__dirname'

/** A workspace's entry with all that it imports from its workspace in one module, packages and the engine left outside. */
export async function compile(entry: string, engine: EnginePlaces): Promise<Compiled> {
  const folder = dirname(entry)
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
    define: { 'import.meta': 'module_meta' },
    // It says in stack traces where its sources are.
    sourcemap: 'inline',
    sourcesContent: false,
    sourceRoot: pathToFileURL(`${folder}/`).href,
    // Only ES modules may wait at the top; elsewhere, functions may.
    banner: { js: `module.exports=async function(${required},${imported},${hidden}){"use strict";` },
    footer: { js: '}' },
    plugins: [outside(engine), ownPlaces],
  })
  const files = Object.keys(metafile.inputs).filter(
    (path) => path !== '<stdin>' && !/^(required|imported)_outside:/.test(path),
  )
  return {
    code: outputFiles[0]!.text,
    sources: files.map((path) => resolve(folder, path)),
    settings: [...rivalsOf(metafile, folder), ...settingsAbove(folder)],
  }
}

/** Leaves to Node what is not of the workspace. No `import` is left at the top: Node takes long to load ES modules. */
function outside({ source, module }: EnginePlaces): Plugin {
  return {
    name: 'outside',
    setup(pending) {
      const place = async (path: string, kind: ImportKind, resolveDir: string): Promise<OnResolveResult> => {
        if (isBuiltin(path)) return { path, namespace: required }
        const file = path.startsWith('file:') ? fileURLToPath(path) : path
        const found = await pending.resolve(file, { kind, resolveDir, pluginData: resolved })
        if (found.errors.length > 0) return found
        if (!found.external && realpathSync(found.path) === source)
          return { path: module, namespace: required }
        if (!found.external && !found.path.includes('/node_modules/')) return found
        if (kind === 'require-call') return { path: found.path, namespace: required }
        const url = found.external ? found.path : pathToFileURL(found.path).href
        return kind === 'import-statement'
          ? { path: url, namespace: imported }
          : { path: url, external: true }
      }
      pending.onResolve({ filter: /.*/ }, ({ path, kind, resolveDir, pluginData }) =>
        pluginData === resolved ? undefined : place(path, kind, resolveDir),
      )
      pending.onLoad({ filter: /.*/, namespace: required }, ({ path }) => ({
        contents: `module.exports = ${required}(${JSON.stringify(path)})`,
      }))
      pending.onLoad({ filter: /.*/, namespace: imported }, async ({ path }) => ({
        contents: importing(path, Object.keys(await import(path))),
      }))
    },
  }
}

/** A module that exports what another one does. */
function importing(url: string, names: string[]): string {
  const [all, ...constants] = [
    `all = await ${imported}(${JSON.stringify(url)})`,
    ...names.map((name, index) => `e${index} = all[${JSON.stringify(name)}]`),
  ]
  const exported = names.map((name, index) => `e${index} as ${JSON.stringify(name)}`)
  return `const ${[all, ...constants].join(', ')}; export { ${exported.join(', ')} }`
}

const resolved = Symbol('resolved')

/** Lets every module go on to say where its own source lies. */
const ownPlaces: Plugin = {
  name: 'own places',
  setup(pending) {
    pending.onLoad({ filter: /\.[cm]?[jt]s$/, namespace: 'file' }, ({ path }) => {
      const [, ending] = /([jt]s)$/.exec(path)!
      const source = readFileSync(path, 'utf8').replace(/^#!.*/, '')
      return { contents: `const module_meta=${metaOf(path)};${source}`, loader: ending as Loader }
    })
  },
}

/** What `import.meta` is there, as code. */
function metaOf(path: string): string {
  const places = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
  const from = JSON.stringify({ paths: [dirname(path)] })
  return `{...${JSON.stringify(places)},resolve:(to)=>${required}('url').pathToFileURL(${required}.resolve(to,${from})).href}`
}

function settingsAbove(folder: string): string[] {
  const here = ['tsconfig.json', 'package.json', 'node_modules/.package-lock.json'].map((name) =>
    join(folder, name),
  )
  return folder === dirname(folder) ? here : [...here, ...settingsAbove(dirname(folder))]
}
