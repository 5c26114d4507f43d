/** Loads the compiled scripts, each when it is asked for, with the machine code that V8 made of it before: what starts the
 *  program, the engine, and its packages. No two of them share a module, and so neither what it holds nor its classes. */
import fs = require('node:fs')
import module = require('node:module')
import path = require('node:path')
import v8 = require('node:v8')
import vm = require('node:vm')

/** Names of the packages that are compiled, too. */
declare const packages: string[]

type Start = (args: string[], loadEngine: () => unknown) => Promise<void>

interface Script {
  exports: Record<string, unknown>
  keepMachineCode(): void
}

// Most runs are over before it pays to optimise, or to free memory that was taken lately: let V8 wait longer for both.
if (process.version.startsWith('v20.'))
  for (const flag of [
    '--interrupt-budget=160000',
    '--incremental-marking-soft-trigger=95',
    '--incremental-marking-hard-trigger=99',
  ])
    v8.setFlagsFromString(flag)

const installed = module.createRequire(__filename)
const scripts = new Map<string, Script>()

function script(name: string): Script {
  const known = scripts.get(name) ?? load(name)
  scripts.set(name, known)
  return known
}

function load(name: string): Script {
  const filename = path.join(__dirname, `${name}.cjs`)
  const codeFile = path.join(__dirname, `${name}.code`)
  const cachedData = contentOf(codeFile)
  const code = new vm.Script(module.wrap(fs.readFileSync(filename, 'utf8')), {
    filename,
    ...(cachedData && { cachedData }),
  })
  const loaded = new module(filename)
  loaded.filename = filename
  // So that tasks, which import the engine by its path, get this very one.
  require.cache[filename] = loaded
  code.runInThisContext()(loaded.exports, requireFrom, loaded, filename, __dirname)
  loaded.loaded = true
  return {
    exports: loaded.exports,
    keepMachineCode: () => fs.writeFileSync(codeFile, code.createCachedData()),
  }
}

function requireFrom(name: string): unknown {
  return packages.includes(name) ? script('packages').exports[name] : installed(name)
}

function contentOf(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

export = {
  start(args: string[]): Promise<void> {
    const { start } = script('start').exports as { start: Start }
    return start(args, () => script('engine').exports)
  },
  /** Of what this process has run. */
  keepMachineCode() {
    for (const name of ['start', 'engine', 'packages']) script(name).keepMachineCode()
  },
}
