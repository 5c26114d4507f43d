import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { markUsed } from '../disk/mark-used.ts'
import { digestOfDownload } from '../model/download-digest.ts'
import type { Warning } from '../model/event.ts'
import { Failed } from '../model/failure.ts'
import type { Download } from '../model/task.ts'

export interface DownloadContext {
  /** Absolute path of the workspace. */
  root: string
  /** Absolute folder in which downloads are kept by digest. */
  folder: string
  /** Absolute folder for half-written files. */
  temporary: string
  signal: AbortSignal
  progress(done: number, total: number): void
  warn(warning: Warning): void
}

/** Absolute path of the downloaded file: taken from `file` or the folder, else fetched; always checked, never kept when wrong. */
export async function fetchDownload(download: Download, context: DownloadContext): Promise<string> {
  const kept = join(context.folder, digestOfDownload(download).replace(':', '-'), download.name)
  if (await isRight(kept, download)) {
    markUsed(kept)
    return kept
  }
  const sources = download.file ? [download.file] : [download.url, ...(download.mirrors ?? [])]
  let failed: unknown
  for (const source of sources) {
    try {
      return await take(source, download, kept, context)
    } catch (error) {
      context.signal.throwIfAborted()
      if (error instanceof Failed && error.failure.kind === 'verification') throw error
      failed = error
    }
  }
  throw failed
}

async function take(
  source: string,
  download: Download,
  kept: string,
  context: DownloadContext,
): Promise<string> {
  await mkdir(context.temporary, { recursive: true })
  const part = join(context.temporary, `${randomUUID()}.part`)
  try {
    const hashes = { sha256: createHash('sha256'), sha1: createHash('sha1') }
    const { body, total } = await open(source, context)
    let done = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hashes.sha256.update(chunk)
        hashes.sha1.update(chunk)
        context.progress((done += chunk.length), total)
        next(null, chunk)
      },
    })
    await pipeline(body, count, createWriteStream(part), { signal: context.signal })
    check(download, source, hashes.sha256.digest('hex'), hashes.sha1.digest('hex'), context)
    await mkdir(dirname(kept), { recursive: true })
    await rename(part, kept)
    return kept
  } finally {
    await rm(part, { force: true })
  }
}

async function open(
  source: string,
  { root, signal }: DownloadContext,
): Promise<{ body: Readable; total: number }> {
  if (!/^https?:/.test(source)) {
    const path = source.startsWith('file://')
      ? new URL(source).pathname
      : isAbsolute(source)
        ? source
        : join(root, source)
    const body = createReadStream(path)
    await new Promise<void>((opened, failed) => {
      body.once('open', () => opened())
      body.once('error', (error) =>
        failed(new Failed({ kind: 'download', url: source, detail: error.message })),
      )
    })
    return { body, total: 0 }
  }
  const response = await fetch(source, { signal }).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause.message : error.message
    throw new Failed({ kind: 'download', url: source, detail: cause })
  })
  if (!response.ok || !response.body)
    throw new Failed({
      kind: 'download',
      url: source,
      detail: `the server answered ${response.status} ${response.statusText}`,
    })
  return {
    body: Readable.fromWeb(response.body as any),
    total: Number(response.headers.get('content-length') ?? 0),
  }
}

function check(
  download: Download,
  source: string,
  sha256: string,
  sha1: string,
  { warn }: DownloadContext,
): void {
  const [expected, actual] = download.sha256 ? [download.sha256, sha256] : [download.sha1, sha1]
  if (!expected)
    throw new Failed({
      kind: 'refused',
      problem: `\`${download.name}\` has no digest to check it by.`,
      advice: `Give its SHA-256; what ${source} serves today has ${sha256}.`,
    })
  if (expected.toLowerCase() !== actual)
    throw new Failed({ kind: 'verification', what: source, expected, actual })
  if (!download.sha256) warn({ kind: 'weak-digest', what: source, sha256 })
}

async function isRight(path: string, download: Download): Promise<boolean> {
  const hash = createHash(download.sha256 ? 'sha256' : 'sha1')
  try {
    await pipeline(createReadStream(path), hash)
  } catch {
    return false
  }
  return hash.digest('hex') === (download.sha256 ?? download.sha1)?.toLowerCase()
}
