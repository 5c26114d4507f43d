import { lstatSync, readdirSync } from 'node:fs'
import { type FileFinding, type Sort, sorts } from '../model/cache.ts'
import type { Digest } from '../model/digest.ts'
import type { CacheLayout } from './layout.ts'

/** A file of the cache, as it was when it was looked at. */
export interface Kept {
  /** Absolute. */
  path: string
  isFolder: boolean
  size: number
  /** Its mtime, in ms since the epoch: it is renewed when the file is used. */
  usedAt: number
}

/** A file of one instance. */
export interface OfInstance extends Kept {
  instance: string
}

/** The files of each sort. */
export interface Inventory {
  blobs: Map<Digest, Kept>
  records: (OfInstance & { key: Digest })[]
  latest: OfInstance[]
  logs: OfInstance[]
  downloads: (Kept & { digest: string })[]
  memory: Kept[]
  temporary: Kept[]
  foreign: Kept[]
  /** What could not be looked at. */
  findings: FileFinding[]
}

/** All that lies in `.cache` and belongs to the cache: not the sandbox, the lock and `.gitignore`. Reads no content. */
export function takeInventory({ folder }: CacheLayout): Inventory {
  const found: Inventory = {
    blobs: new Map(),
    records: [],
    latest: [],
    logs: [],
    downloads: [],
    memory: [],
    temporary: [],
    foreign: [],
    findings: [],
  }
  const walk = (within: string) => {
    for (const entry of attempt(`${folder}${within}`, (path) => readdirSync(path), found) ?? []) {
      const name = `${within}/${entry}`
      if (notOfTheCache.test(name)) continue
      const kept = attempt(`${folder}${name}`, lookAtFile, found)
      if (!kept || sortIn(found, name, kept)) continue
      if (kept.isFolder || areas.includes(name)) walk(name)
      else found.foreign.push(kept)
    }
  }
  walk('')
  return found
}

export function filesOf(found: Inventory, sort: Sort): Kept[] {
  return [...(found[sort] as Kept[]).values()]
}

/** The size of all that the engine has put there. */
export function totalSize(found: Inventory): number {
  return sizeOf(sorts.filter((sort) => sort !== 'foreign').flatMap((sort) => filesOf(found, sort)))
}

export function sizeOf(files: Kept[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

/** Undefined for what has gone since its name was read. */
export function lookAtFile(path: string): Kept | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  const isFolder = stat.isDirectory()
  return { path, isFolder, size: isFolder ? 0 : stat.size, usedAt: stat.mtimeMs }
}

const notOfTheCache = /^\/(sandbox|\.gitignore|lock(\..+)?)$/

/** These may also be links to folders on another disk. */
const areas = ['/blobs', '/records', '/logs', '/downloads', '/tmp']

interface Shape {
  /** Of a path in `.cache`; its groups are the `parts`. */
  pattern: RegExp
  add(to: Inventory, kept: Kept, parts: string[]): void
}

/** Ends the name of a file that is being removed. */
export const asideSuffix = '.removed'

const shapes: Shape[] = [
  {
    pattern: /^\/blobs\/([0-9a-f]{2})\/([0-9a-f]{62})$/,
    add: ({ blobs }, kept, [start, end]) => blobs.set(`${start}${end}` as Digest, kept),
  },
  {
    pattern: /^\/records\/([^/]+)\/([0-9a-f]{64})\.json$/,
    add: ({ records }, kept, [instance, key]) =>
      records.push({ ...kept, instance: instance!, key: key as Digest }),
  },
  {
    pattern: /^\/records\/([^/]+)\/latest$/,
    add: ({ latest }, kept, [instance]) => latest.push({ ...kept, instance: instance! }),
  },
  {
    pattern: /^\/logs\/([^/]+)\.log$/,
    add: ({ logs }, kept, [instance]) => logs.push({ ...kept, instance: instance! }),
  },
  // What was only half downloaded, or not checked yet, lies beside where it will be kept.
  {
    pattern: /^\/tmp\/[^/]+$|\.removed$|^\/downloads\/.+\.(part|copy)$/,
    add: ({ temporary }, kept) => temporary.push(kept),
  },
  {
    pattern: /^\/downloads\/([0-9a-f]{64}|sha1-[0-9a-f]{40})\/[^/]+$/i,
    add: ({ downloads }, kept, [digest]) => downloads.push({ ...kept, digest: digest! }),
  },
  {
    pattern:
      /^\/(?:(?:(?:digests|glances)\/[0-9a-f]|definitions|survey|size|entry)\.json|entry\.js|logs\/[^/]+\.heard)$/,
    add: ({ memory }, kept) => memory.push(kept),
  },
]

/** False for nothing that the engine has put there, and for the folders above such. */
function sortIn(found: Inventory, name: string, kept: Kept): boolean {
  for (const { pattern, add } of shapes) {
    const match = pattern.exec(name)
    if (!match) continue
    add(found, kept, match.slice(1))
    return true
  }
  return false
}

function attempt<T>(path: string, look: (path: string) => T, { findings }: Inventory): T | undefined {
  try {
    return look(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') findings.push({ kind: 'inaccessible', path, problem: message })
    return undefined
  }
}
