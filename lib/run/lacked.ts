import { giveWay } from '../disk/give-way.ts'
import { collectedPath } from '../model/declarations.ts'
import { Failed } from '../model/failure.ts'
import { type FileStates, sameFile } from '../model/file-state.ts'
import type { HostSession } from '../model/host-session.ts'
import type { Instance } from '../model/instance.ts'
import type { Engine } from './engine.ts'

/**
 * What has to be fetched from the host before these files can be put back at home, by where it lies there: nothing where
 * the cache has every content whole. Undefined where some of it is neither here nor there as it was.
 */
export async function lackedOf(
  engine: Engine,
  instance: Instance,
  session: HostSession | undefined,
  files: FileStates,
  signal: AbortSignal,
): Promise<FileStates | undefined> {
  const lacked = await absentFromCache(engine, files, signal)
  if (Object.keys(lacked).length === 0) return {}
  if (!session) return undefined
  const { files: patterns, into } = engine.declarations(instance).collect
  const there = Object.entries(await asTheyAre(session, patterns)).filter(([path, state]) =>
    sameFile(lacked[collectedPath(into, path)], state),
  )
  return there.length === Object.keys(lacked).length ? Object.fromEntries(there) : undefined
}

async function absentFromCache(
  { blobs }: Engine,
  files: FileStates,
  signal: AbortSignal,
): Promise<FileStates> {
  const absent: FileStates = {}
  for (const [path, file] of Object.entries(files)) {
    await giveWay(signal)
    if ('digest' in file && !(await blobs.isWhole(file.digest))) absent[path] = file
  }
  return absent
}

/** What the login user may not read is not to be fetched either. */
async function asTheyAre(session: HostSession, patterns: string[]): Promise<FileStates> {
  try {
    return await session.digest(patterns)
  } catch (error) {
    if (error instanceof Failed && error.failure.kind === 'refused') return {}
    throw error
  }
}
