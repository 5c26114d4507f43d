import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Reason } from '../../lib/index.ts'

/** Lies beside the eggs: the image that they were built in, by name and by id. */
export const imageNote = 'image.json'

export async function noteImage(eggs: string, image: string, id: string): Promise<void> {
  await writeFile(join(eggs, imageNote), `${JSON.stringify({ image, id }, null, 2)}\n`)
}

/**
 * A tag is no digest: what it names may have been replaced since the eggs were built. Nothing is said where Docker cannot
 * tell: eggs that stand need no Docker.
 */
export async function builtElsewhere(eggs: string, signal: AbortSignal): Promise<Reason[]> {
  const { image, id } = JSON.parse(await readFile(join(eggs, imageNote), 'utf8'))
  const now = await idOf(image, signal)
  if (now === undefined || now === id) return []
  return [
    { kind: 'probe-failed', detail: `the image \`${image}\` is ${now} now; the eggs were built in ${id}` },
  ]
}

async function idOf(image: string, signal: AbortSignal): Promise<string | undefined> {
  const inspect = ['image', 'inspect', '--format', '{{.Id}}', image]
  try {
    const { stdout } = await promisify(execFile)('docker', inspect, { signal, timeout: 10_000 })
    return stdout.trim()
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
