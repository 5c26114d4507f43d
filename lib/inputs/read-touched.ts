import { giveWay } from '../disk/give-way.ts'
import { hashFileNow } from '../disk/hash-file.ts'
import { addTo } from '../model/add-to.ts'
import type { Digest } from '../model/digest.ts'
import type { Entry } from './digest-memory.ts'
import { isStill, placeOf, type Reading } from './digests-as-seen.ts'
import { isSameLook, type Look, toldBy } from './looks.ts'
import type { SeenFolder, TouchedFolders } from './seen-folder.ts'
import { settlesAt } from './signatures.ts'

/** Larger ones are left to whoever needs them. */
const smallFile = 64 * 1024

/** So many files are read before a thread has begun. */
const few = 20_000

interface File {
  folder: string
  name: string
  look: Look
}

/** Reads remembered small files that look other than they did, where there are very many: half of them in another thread. */
export async function readTouched(
  touched: TouchedFolders,
  reading: Reading,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [here, there] = halves(touched)
  if (countIn(there) < few / 2) return
  const pathOf = ({ folder, name }: File) => `${placeOf(reading.root, folder)}/${name}`
  const filesThere = touchedFiles(there, reading)
  if (filesThere.length < few / 2) return
  const { hashInThread } = await import('../disk/hash-in-thread.ts')
  const digestsThere = hashInThread(filesThere.map(pathOf), smallFile)
  const filesHere = touchedFiles(here, reading)
  remember(filesHere, await hashHere(filesHere.map(pathOf), signal), here, reading)
  if (!signal?.aborted) remember(filesThere, await digestsThere, there, reading)
}

/** Folders with about as many files on either side. */
function halves(touched: TouchedFolders): [TouchedFolders, TouchedFolders] {
  const half = countIn(touched) / 2
  const some = new Map(touched)
  const others = new Map<string, SeenFolder>()
  let moved = 0
  for (const [path, folder] of touched) {
    if (moved >= half) break
    moved += folder.all.length
    others.set(path, folder)
    some.delete(path)
  }
  return [some, others]
}

function countIn(folders: TouchedFolders): number {
  let files = 0
  for (const { all } of folders.values()) files += all.length
  return files
}

function remember(
  files: File[],
  digests: (Digest | undefined)[],
  folders: TouchedFolders,
  { root, remembered, began }: Reading,
): void {
  const read = new Map<string, [name: string, Entry][]>()
  for (const [index, { folder, name, look }] of files.entries()) {
    const digest = digests[index]
    if (digest) addTo(read, folder, [name, [look, digest]])
  }
  for (const [path, entries] of read)
    if (isStill(placeOf(root, path), folders.get(path)!, began)) remembered.setIn(path, entries)
}

/** As far as it came before it was aborted. */
async function hashHere(paths: string[], signal: AbortSignal | undefined): Promise<(Digest | undefined)[]> {
  const digests: (Digest | undefined)[] = []
  for (const path of paths) {
    if (digests.length % 100 === 0) await giveWay()
    if (signal?.aborted) break
    digests.push(hashIfReadable(path))
  }
  return digests
}

/** Whoever needs one that is not says what is wrong with it. */
function hashIfReadable(path: string): Digest | undefined {
  try {
    return hashFileNow(path)
  } catch {
    return undefined
  }
}

function touchedFiles(folders: TouchedFolders, { remembered, now }: Reading): File[] {
  const files: File[] = []
  const readFrom = now()
  for (const [folder, { all }] of folders) {
    const known = remembered.in(folder)
    for (const { type, name, look } of all) {
      const entry = known.get(name)
      if (!entry || type !== 'f' || isSameLook(look, entry[0])) continue
      const told = toldBy(look)
      if (told.size <= smallFile && settlesAt(told) < readFrom) files.push({ folder, name, look })
    }
  }
  return files
}
