import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname } from 'node:path'
import type { KeptEntry } from '../cache/kept-entry.ts'
import { type CacheLayout, cacheLayout } from '../cache/layout.ts'
import { readSealed, writeSealed } from '../cache/sealed.ts'
import { writeAtomically } from '../cache/write-atomically.ts'
import { type DigestMemory, textOf } from '../inputs/digest-memory.ts'
import { FileDigests } from '../inputs/file-digests.ts'
import { tickOf } from '../inputs/signatures.ts'
import type { Digest } from '../model/digest.ts'
import type { Compiled, EnginePlaces } from './compile.ts'

interface Kept extends KeptEntry {
  engine: EnginePlaces
  folders: DigestMemory
}

/** Loads a workspace's entry, compiled: as it is kept while its sources are the same, or anew. Looking keeps nothing. */
export async function loadEntry(entry: string, engine: EnginePlaces, mayKeep: boolean): Promise<void> {
  const root = dirname(dirname(entry))
  const layout = cacheLayout(root)
  const kept = readSealed<Kept>(layout.entry, () => {})
  const digests = new FileDigests(root, (folder) => textOf(kept?.folders, folder))
  const isKept = isUsable(kept, engine, digests)
  await evaluate(isKept ? readFileSync(layout.compiled, 'utf8') : await compiledNow(), layout.compiled)

  async function compiledNow(): Promise<string> {
    const started = Date.now()
    const { compile } = await import('./compile.ts')
    const compiled = await compile(entry, engine)
    const areOld = !compiled.sources.some((path) => digests.isTouchedSince(path, started, tickOf))
    if (mayKeep && areOld) keep(layout, engine, digests, compiled, kept)
    return compiled.code
  }
}

/** While they are known, their source maps are. */
const running = new Set<Module>()

/** Runs what `compile` made to its end. `filename`: as stack traces call what has no source of its own. */
async function evaluate(code: string, filename: string): Promise<void> {
  const script = new Module(filename) as Module & { _compile(code: string, filename: string): void }
  script.filename = filename
  running.add(script)
  script._compile(code, filename)
  await script.exports(createRequire(filename), (url: string) => import(url))
}

function isUsable(kept: Kept | undefined, { source, module }: EnginePlaces, digests: FileDigests): boolean {
  return (
    kept?.engine.source === source &&
    kept.engine.module === module &&
    Object.entries(kept.files).every(([path, digest]) => contentOf(path, digests) === digest)
  )
}

function keep(
  { compiled, entry, temporary }: CacheLayout,
  engine: EnginePlaces,
  digests: FileDigests,
  { code, sources, settings }: Compiled,
  before: Kept | undefined,
): void {
  try {
    writeAtomically(compiled, code, temporary)
    const contents = [compiled, ...sources, ...settings].map((path) => [path, contentOf(path, digests)])
    const kept: Kept = {
      schema: 1,
      engine,
      files: Object.fromEntries(contents),
      folders: { ...before?.folders, ...digests.learnt() },
    }
    writeSealed(entry, kept, temporary)
  } catch {
    // The run itself says what is wrong with `.cache`.
  }
}

function contentOf(path: string, digests: FileDigests): Digest | null {
  const state = digests.state(path)
  return state && 'digest' in state ? state.digest : null
}
