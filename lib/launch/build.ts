/** `npm run build`: compiles the engine and the program that starts it into `build/`. */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const outdir = join(home, 'build')

rmSync(outdir, { recursive: true, force: true })
await build({
  entryPoints: [join(home, 'lib/index.ts'), join(home, 'lib/launch/program.ts')],
  outdir,
  entryNames: '[name]',
  chunkNames: 'parts/[hash]',
  bundle: true,
  // What a command does not load by itself stays in a file of its own.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // These load files of their own, or are large and rarely wanted.
  external: ['esbuild', 'hasha', 'ssh2', 'ssh2-sftp-client', 'tsx', 'zx'],
  banner: {
    js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
  },
})
