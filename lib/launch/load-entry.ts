import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { KeptEntry } from '../cache/kept-entry.ts'
import { type CacheLayout, cacheLayout } from '../cache/layout.ts'
import { readSealed, writeSealed } from '../cache/sealed.ts'
import { writeAtomically } from '../cache/write-atomically.ts'
import { beginSurveyAtOnce } from '../cli/begin-survey.ts'
import { type DigestMemory, textOf } from '../inputs/digest-memory.ts'
import { FileDigests } from '../inputs/file-digests.ts'
import { tickOf } from '../inputs/signatures.ts'
import { contentIn } from '../model/file-state.ts'
import type { Compiled, EnginePlaces } from './compile.ts'

interface Kept extends KeptEntry {
  engine: EnginePlaces
  folders: DigestMemory
  isScript: boolean
  isHarmless: boolean
}

export type LoadedEngine = Pick<typeof import('./engine.ts'), 'offerSurvey'>

/** Loads the engine, and a workspace's entry, compiled: as it is kept while its sources are the same, or anew. Looking keeps
 *  nothing. */
export async function loadEntry(
  entry: string,
  engine: { places: EnginePlaces; load: () => LoadedEngine },
  mayRun: boolean,
): Promise<void> {
  const root = dirname(dirname(entry))
  const layout = cacheLayout(root)
  const kept = readSealed<Kept>(layout.entry, () => {})
  const digests = new FileDigests(root, (folder) => textOf(kept?.folders, folder))
  const isKeptSame = isUsable(kept, engine.places, digests)
  // The engine takes its time, in which others can look already.
  const begun = isKeptSame && kept.isHarmless && mayRun ? beginSurveyAtOnce(root) : undefined
  const { offerSurvey } = engine.load()
  // `main` takes the workspace from the program that was started.
  process.argv[1] = entry
  if (begun) offerSurvey(begun)
  if (isKeptSame) return kept.isScript ? runScript(layout) : runModule(layout)
  const started = Date.now()
  const { compile } = await import('./compile.ts')
  const compiled = await compile(entry, engine.places)
  const areOld = !compiled.sources.some((path) => digests.isTouchedSince(path, started, tickOf))
  const isKept = mayRun && areOld && keep(layout, engine.places, digests, compiled, kept)
  if (compiled.isScript) return runScript(layout, compiled.code)
  return isKept ? runModule(layout) : runCode(compiled.code)
}

async function runModule({ compiled }: CacheLayout): Promise<void> {
  await import(pathToFileURL(compiled).href)
}

/** Without a name for it, a stack trace would hold the whole module. */
async function runCode(code: string): Promise<void> {
  const named = `${code}\n//# sourceURL=tasks`
  await import(`data:text/javascript;base64,${Buffer.from(named).toString('base64')}`)
}

/** Known here, a script's source map is not forgotten. */
const scripts: Module[] = []

async function runScript({ compiled }: CacheLayout, code = readFileSync(compiled, 'utf8')): Promise<void> {
  const script = new Module(compiled) as Module & { _compile(code: string, filename: string): void }
  scripts.push(script)
  script.filename = compiled
  script._compile(code, compiled)
  const { exports: tasks } = script
  await tasks(createRequire(compiled))
}

function isUsable(
  kept: Kept | undefined,
  { source, module }: EnginePlaces,
  digests: FileDigests,
): kept is Kept {
  if (kept?.engine.source !== source || kept.engine.module !== module) return false
  try {
    return Object.entries(kept.files).every(([path, digest]) => contentOf(path, digests) === digest)
  } catch {
    return false // whoever compiles it says what is wrong
  }
}

/** False where it cannot be kept: the run itself says what is wrong with `.cache`. */
function keep(
  { compiled, entry, temporary }: CacheLayout,
  places: EnginePlaces,
  digests: FileDigests,
  { code, isScript, isHarmless, sources, settings }: Compiled,
  before: Kept | undefined,
): boolean {
  try {
    writeAtomically(compiled, code, temporary)
    const files = [compiled, places.module, places.starter, ...sources, ...settings]
    const kept: Kept = {
      schema: 1,
      engine: places,
      files: Object.fromEntries(files.map((path) => [path, contentOf(path, digests)])),
      folders: { ...before?.folders, ...Object.fromEntries(digests.learnt()) },
      isScript,
      isHarmless,
    }
    writeSealed(entry, kept, temporary)
    return true
  } catch {
    return false
  }
}

function contentOf(path: string, digests: FileDigests): string | null {
  return contentIn(digests.state(path)) ?? null
}
