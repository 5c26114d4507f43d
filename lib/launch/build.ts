/** `npm run build`: compiles the engine and the program that starts it into `build/`. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const outdir = join(home, 'build')

/** What runs on hosts load besides: from `node_modules`, that takes longer than all else together. */
const packages = ['ssh2', 'ssh2-sftp-client', 'yaml', 'zod']

/** CommonJS loads in one step, and its packages only when they are wanted. */
const common: BuildOptions = {
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  outExtension: { '.js': '.cjs' },
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
}

/** What the bundles ask for by these names. zx asks for the promises of `fs` as it is loaded, and next to never wants one:
 *  Node takes as long for them as for zx. */
const scriptNeeds = `
const importModule = require('./import.cjs')
const importMetaUrl = require('node:url').pathToFileURL(__filename).href
const promisesOfFs = new Proxy({}, { get: (_, name) => require('node:fs').promises[name] })`

const sampleTasks = `
import { main, task } from '${join(home, 'lib/index.ts')}'
const needed = task({
  module: import.meta.url, name: 'needed', description: 'Is needed',
  inputs: { files: ['tasks/*.ts'] }, outputs: { files: ['needed'] },
  async run({ $ }) { await $\`touch needed\` },
})
const sample = task({
  module: import.meta.url, name: 'sample', description: 'Needs', on: 'host', needs: [needed],
  outputs: { files: ['/srv/needed'] },
  run: ({ host }) => host.upload(['needed'], '/srv'),
})
await main({
  tasks: [needed, sample], roles: { host: 'one' },
  sandbox: {
    hosts: { host: 1 }, ports: [], standIns: '/nowhere', config: () => ({}), furnish() {}, services: () => [],
  },
})
`

rmSync(outdir, { recursive: true, force: true })
mkdirSync(outdir)
await compileScript('start')
await compileScript('engine')
await compilePackages()
await compileStarters()
await compileThreads()
keepMachineCode()

/** What is loaded in one step. */
async function compileScript(name: string): Promise<void> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [join(home, `lib/launch/${name}.ts`)],
    write: false,
    bundle: true,
    // These load files of their own, or are large and rarely wanted.
    external: [
      'chokidar', 'esbuild', 'fast-glob', 'hasha', 'tar-stream', 'tsx', 'yargs', ...packages,
    ], // biome-ignore format: a list to read at a glance
    // What `import` gets of it only wraps this.
    alias: { 'zx/core': createRequire(import.meta.url).resolve('zx/core') },
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: `${scriptNeeds}\n` },
  })
  const code = outputFiles[0]!.text
    .replace(/\bimport\(/g, 'importModule(')
    .replaceAll('require("fs").promises', 'promisesOfFs')
  writeFileSync(join(outdir, `${name}.cjs`), code)
}

/** Each is run when it is first asked for. */
async function compilePackages(): Promise<void> {
  const getters = packages.map((name) => `get '${name}'() { return require('${name}') },\n`)
  await build({
    ...common,
    stdin: { contents: `module.exports = {\n${getters.join('')}}`, resolveDir: home },
    outfile: join(outdir, 'packages.cjs'),
    bundle: true,
    plugins: [addonsWhereTheyAre()],
  })
}

/** What is compiled for this machine stays in `node_modules`; each package gets along without. */
function addonsWhereTheyAre(): Plugin {
  return {
    name: 'addons',
    setup(pending) {
      pending.onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => ({
        path: relative(outdir, join(resolveDir, path)),
        external: true,
      }))
      pending.onResolve({ filter: /^cpu-features$/ }, ({ path }) => ({ path, external: true }))
    },
  }
}

async function compileStarters(): Promise<void> {
  const starters = ['program', 'load', 'import'].map((name) => join(home, `lib/launch/${name}.cts`))
  const define = { packages: JSON.stringify(packages) }
  await build({ ...common, entryPoints: starters, outdir, bundle: true, define })
  chmodSync(join(outdir, 'program.cjs'), 0o755)
}

/** What the engine starts in another thread loads without it. */
async function compileThreads(): Promise<void> {
  const entryPoints = [join(home, 'lib/inputs/reading-thread-program.ts')]
  await build({ ...common, entryPoints, outdir, bundle: true })
}

/** Lets V8 keep what it compiles in a run: whoever starts the program next need not wait for that. */
function keepMachineCode(): void {
  const root = mkdtempSync(join(tmpdir(), 'build-'))
  const save = `
    const { keepMachineCode, start } = require('${join(outdir, 'load.cjs')}')
    process.on('exit', keepMachineCode)
    start(['run'])`
  try {
    mkdirSync(join(root, 'tasks'))
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }\n')
    writeFileSync(join(root, 'tasks/index.ts'), sampleTasks)
    for (const _ of ['cold', 'up to date'])
      execFileSync(process.execPath, ['-e', save, '-', 'run', 'sample'], { cwd: root, stdio: 'pipe' })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
