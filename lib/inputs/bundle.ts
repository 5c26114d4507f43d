import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildFailure, build, type Plugin } from 'esbuild'
import { NotCode } from './not-code.ts'
import { rivalsOf } from './rivals.ts'

export interface Bundle {
  code: string
  /** Absolute paths of every file that the code came from. */
  files: string[]
  /** Absolute paths at which a file would change what is imported. */
  rivals: string[]
  /** Packages that it imports: they count by their version. */
  packages: string[]
}

/** A module with all that it imports from its own workspace, less comments, formatting and types.
 *  `outside` gives the name of a module that is not to be part of it. */
export async function bundle(module: string, outside: (path: string) => string | undefined): Promise<Bundle> {
  const packages = new Set<string>()
  const result = await build({
    entryPoints: [module],
    absWorkingDir: dirname(module),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [boundaries(outside, packages)],
  }).catch((failure: BuildFailure) => {
    throw new NotCode(reason(failure, dirname(module)))
  })
  return {
    code: result.outputFiles[0]!.text,
    files: Object.keys(result.metafile.inputs).map((path) => resolve(dirname(module), path)),
    rivals: rivalsOf(result.metafile, dirname(module)),
    packages: [...packages].sort(),
  }
}

/** The first of all that is wrong: the others often come of it. */
function reason({ errors, message }: BuildFailure, folder: string): string {
  const [first] = errors ?? []
  if (!first) return message
  const { text, location } = first
  return location ? `${text} (${resolve(folder, location.file)}:${location.line})` : text
}

function boundaries(outside: (path: string) => string | undefined, packages: Set<string>): Plugin {
  return {
    name: 'boundaries',
    setup(pending) {
      pending.onResolve({ filter: /.*/ }, ({ path: specifier, kind, resolveDir }) => {
        if (kind === 'entry-point') return undefined
        const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier
        if (!/^[./]/.test(path)) {
          if (!path.startsWith('node:')) packages.add(packageName(path))
          return { path, external: true }
        }
        const name = outside(resolve(resolveDir, path))
        if (name !== undefined) return { path: name, external: true }
        return path === specifier ? undefined : { path }
      })
    },
  }
}

/** `a/b` of `a`, `@s/a/b` of `@s/a`. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
