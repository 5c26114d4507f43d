import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { temporaryPath } from '../cache/write-atomically.ts'
import { Failed, isOutOfReach } from '../model/failure.ts'
import type { Step } from './step.ts'

/** Fetches into the cache what is to be put back at home and only the host has. False where that turned out not to be. */
export async function fetchLacked({ engine, instance: { id }, judgement, tools }: Step): Promise<boolean> {
  const files = Object.entries(judgement.onHost)
  if (files.length === 0) return true
  const { layout, blobs, faults } = engine
  const { emit, signal } = tools
  const progress = (done: number, total: number) =>
    emit({ type: 'task-progress', task: id, done, total, unit: 'bytes' })
  const folder = temporaryPath(layout.temporary, 'fetched')
  try {
    await judgement.session!.download(Object.keys(judgement.onHost), folder, progress, signal)
    for (const [path, file] of files)
      if ('digest' in file) await blobs.put(join(folder, basename(path)), file)
    return true
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Failed && isOutOfReach(error.failure)) throw error
    // What has changed there meanwhile is made anew.
    if (!(error instanceof Failed)) faults.tellOf(`\`${id}\` could not be restored`, error)
    return false
  } finally {
    faults.attempt(
      () => rmSync(folder, { recursive: true, force: true }),
      `\`${folder}\` could not be removed`,
    )
  }
}
