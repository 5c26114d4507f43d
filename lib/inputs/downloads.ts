import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { markUsed } from '../disk/mark-used.ts'
import { digestOfDownload } from '../model/download-digest.ts'
import type { Warning } from '../model/event.ts'
import { Failed, type Failure } from '../model/failure.ts'
import type { Download } from '../model/task.ts'
import { digestsOf, isRight } from './download-digests.ts'
import { receive } from './receive.ts'

export interface DownloadContext {
  /** Absolute path of the workspace. */
  root: string
  /** Absolute folder in which downloads are kept by digest. */
  folder: string
  signal: AbortSignal
  progress(done: number, total: number): void
  warn(warning: Warning): void
  /** How long a server may say nothing. */
  patienceMs?: number
}

/** Absolute path of the downloaded file, which is what was promised: whatever is not, is not kept. */
export function fetchDownload(download: Download, context: DownloadContext): Promise<string> {
  const kept = join(context.folder, digestOfDownload(download).replace(':', '-'), download.name)
  const before = underWay.get(kept)?.catch(() => {})
  const ours = Promise.resolve(before).then(() => take(download, kept, context))
  underWay.set(kept, ours)
  return ours
}

/** By path: what several tasks want at once is fetched once, unless whoever began does not get it. */
const underWay = new Map<string, Promise<unknown>>()

async function take(download: Download, kept: string, context: DownloadContext): Promise<string> {
  if (await isRight(kept, download)) {
    markUsed(kept)
    return kept
  }
  await mkdir(dirname(kept), { recursive: true })
  const failures: Failure[] = []
  for (const source of sourcesOf(download)) {
    try {
      if (await takeFrom(source, download, kept, context)) return kept
    } catch (error) {
      context.signal.throwIfAborted()
      if (!(error instanceof Failed)) throw error
      failures.push(error.failure)
    }
  }
  // Where a half of it is left to go on from, the folder is not empty and stays.
  await rmdir(dirname(kept)).catch(() => {})
  throw new Failed(mostTelling(failures))
}

/** `file` is instead of all addresses, the folder comes before them. */
function sourcesOf({ file, folder, url, mirrors = [], name }: Download): Source[] {
  if (file !== undefined) return [{ path: file }]
  const ready = folder === undefined ? [] : [{ path: join(folder, name), mayLack: true }]
  return [...ready, ...[url, ...mirrors].map((url) => ({ url }))]
}

type Source = { path: string; mayLack?: boolean } | { url: Download['url'] }

/** Half of it stays beside where it will be kept: the next try, of this run or another, goes on from there. False where
 *  there is nothing to take. */
async function takeFrom(
  source: Source,
  download: Download,
  kept: string,
  context: DownloadContext,
): Promise<boolean> {
  const part = `${kept}.part`
  if ('path' in source) {
    const path = absolute(source.path, context)
    if (source.mayLack && !existsSync(path)) return false
    await copy(path, `${kept}.copy`)
    await keepIfRight(`${kept}.copy`, path, download, kept, context)
    return true
  }
  const url = typeof source.url === 'string' ? source.url : await source.url()
  if (!/^https?:/.test(url)) return takeFrom({ path: url }, download, kept, context)
  const { resumed } = await receive(url, part, context)
  try {
    await keepIfRight(part, url, download, kept, context)
  } catch (error) {
    // The beginning may be of another file: of an earlier try, or from another mirror.
    if (!resumed) throw error
    await receive(url, part, context)
    await keepIfRight(part, url, download, kept, context)
  }
  return true
}

function absolute(path: string, { root }: DownloadContext): string {
  if (path.startsWith('file:')) return fileURLToPath(path)
  return isAbsolute(path) ? path : join(root, path)
}

async function copy(path: string, target: string): Promise<void> {
  try {
    await copyFile(path, target, constants.COPYFILE_FICLONE)
  } catch (error) {
    throw new Failed({ kind: 'download', url: path, detail: (error as Error).message })
  }
}

/** Puts a whole file in its place, or removes it. */
async function keepIfRight(
  file: string,
  source: string,
  download: Download,
  kept: string,
  { warn }: DownloadContext,
): Promise<void> {
  try {
    const { sha256, sha1 } = await digestsOf(file)
    const [expected, actual] = download.sha256 ? [download.sha256, sha256] : [download.sha1!, sha1]
    if (expected.toLowerCase() !== actual)
      throw new Failed({ kind: 'verification', what: source, expected, actual })
    await rename(file, kept)
    if (!download.sha256) warn({ kind: 'weak-digest', what: source, sha256 })
  } finally {
    await rm(file, { force: true })
  }
}

/** Bytes that are not what was promised say more than a source that cannot be had. */
function mostTelling(failures: Failure[]): Failure {
  const odd =
    failures.find(({ kind }) => kind === 'verification') ?? failures.find(({ kind }) => kind !== 'download')
  if (odd) return odd
  const [first, ...others] = failures.filter((failure) => failure.kind === 'download')
  const also = others.map(({ url, detail }) => `; ${url}: ${detail}`)
  return { ...first!, detail: first!.detail + also.join('') }
}
