import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Loader, type Plugin } from 'esbuild'
import { rivalsOf } from '../inputs/rivals.ts'

export interface Compiled {
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

/** A workspace's entry with all that it imports from its workspace in one module, packages and the engine left outside. */
export async function compile(entry: string, engine: EnginePlaces): Promise<Compiled> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: dirname(entry),
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
    // Loaded from a file, it says in stack traces where its sources are.
    sourcemap: 'inline',
    sourcesContent: false,
    sourceRoot: pathToFileURL(`${dirname(entry)}/`).href,
    // Else a stack trace would hold the whole module where it is not loaded from a file.
    footer: { js: '//# sourceURL=tasks' },
    plugins: [outside(engine), ownPlaces],
  })
  const sources = Object.keys(metafile.inputs).map((path) => resolve(dirname(entry), path))
  return {
    code: outputFiles[0]!.text,
    sources,
    settings: [...rivalsOf(metafile, dirname(entry)), ...settingsAbove(dirname(entry))],
  }
}

function outside({ source, module }: EnginePlaces): Plugin {
  return {
    name: 'outside',
    setup(pending) {
      pending.onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (kind === 'entry-point' || pluginData === resolved) return undefined
        const place = path.startsWith('file:') ? fileURLToPath(path) : path
        const found = await pending.resolve(place, { kind, resolveDir, pluginData: resolved })
        if (found.errors.length > 0 || found.external) return found
        if (realpathSync(found.path) === source) return { path: pathToFileURL(module).href, external: true }
        return found.path.includes('/node_modules/')
          ? { path: pathToFileURL(found.path).href, external: true }
          : found
      })
    },
  }
}

const resolved = Symbol('resolved')

/** Lets every module go on to say where its own source lies. */
const ownPlaces: Plugin = {
  name: 'own places',
  setup(pending) {
    pending.onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => {
      const places = Object.entries(placeOf(path)).map(
        ([name, value]) => `module_${name}=${JSON.stringify(value)}`,
      )
      const [, ending] = /([jt]s)$/.exec(path)!
      const source = readFileSync(path, 'utf8').replace(/^#!.*/, '')
      return { contents: `const ${places.join()};${source}`, loader: ending as Loader }
    })
  },
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
