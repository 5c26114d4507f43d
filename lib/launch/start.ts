import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findEntry } from './find-entry.ts'
import { type LoadedEngine, loadEntry } from './load-entry.ts'

/** The folder of the package: this file is compiled into `build/` there. */
const home = dirname(dirname(fileURLToPath(import.meta.url)))
const places = {
  source: join(home, 'lib/index.ts'),
  module: join(home, 'build/engine.cjs'),
  starter: join(home, 'build/start.cjs'),
}

/** In any workspace the same as `npx tsx tasks`, but started faster. `loadEngine`: loads the compiled engine. */
export async function start(args: string[], loadEngine: () => LoadedEngine): Promise<void> {
  try {
    const entry = findEntry(process.cwd())
    if (entry === undefined)
      return refuse('no folder from here upwards has a tasks/index.ts.\nGo to a workspace, then try again.')
    const mayRun = args.includes('run') && !args.some((arg) => arg.startsWith('--dry-run'))
    process.setSourceMapsEnabled(true)
    await loadEntry(entry, { places, load: loadEngine }, mayRun)
  } catch (error) {
    // It has words for whatever is thrown.
    loadEngine()
    explain(error as Flawed)
  }
}

/** What esbuild finds wrong with the tasks' code; anything else is a bug. */
function explain(error: Flawed): void {
  if (!error.errors) throw error
  const lines = error.errors.map(({ text, location }) =>
    location ? `${location.file}, line ${location.line}: ${text}` : text,
  )
  refuse(`the tasks cannot be loaded:\n  ${lines.join('\n  ')}`)
}

interface Flawed {
  errors?: { text: string; location: Location | null }[]
}

interface Location {
  file: string
  line: number
}

function refuse(problem: string): void {
  process.stderr.write(`Error: ${problem.charAt(0).toUpperCase()}${problem.slice(1)}\n`)
  process.exitCode = 2
}
