import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type DownloadContext, fetchDownload } from '../../../lib/inputs/downloads.ts'
import type { Warning } from '../../../lib/model/event.ts'
import { Failed } from '../../../lib/model/failure.ts'
import type { Download } from '../../../lib/model/task.ts'

const content = Buffer.alloc(30_000, 'what was promised ')
const hex = (algorithm: string, bytes: Buffer = content) => createHash(algorithm).update(bytes).digest('hex')

let root: string
let warnings: Warning[]
let progress: number[]
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'downloads-'))
  warnings = []
  progress = []
})
afterEach(() => rmSync(root, { recursive: true }))

const context = (more: Partial<DownloadContext> = {}): DownloadContext => ({
  root,
  folder: join(root, '.cache/downloads'),
  signal: new AbortController().signal,
  progress: (done) => progress.push(done),
  warn: (warning) => warnings.push(warning),
  ...more,
})
const fetched = (download: Partial<Download>, more?: Partial<DownloadContext>) =>
  fetchDownload(
    { name: 'a.tar.gz', url: 'http://127.0.0.1:1/', sha256: hex('sha256'), ...download },
    context(more),
  )
const failure = async (download: Partial<Download>) =>
  fetched(download).then(
    () => 'it was taken',
    (error) => (error instanceof Failed ? error.failure : error),
  )

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A server on loopback, and what was asked of it: the ranges. */
async function serve(answer: Answer) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers.range)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz`, asked }
}

const whole: Answer = (_, response) => response.end(content)

/** Can go on from where it is asked to. */
const resuming: Answer = ({ headers: { range } }, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')![1])
  response.writeHead(range ? 206 : 200, { 'content-length': content.length - from })
  response.end(content.subarray(from))
}

/** Sends this much, and then nothing. */
const halting =
  (bytes: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, bytes))
  }

test('what was fetched once is not fetched again, from whatever address', async () => {
  const { url, asked } = await serve(whole)
  const path = await fetched({ url })
  expect(readFileSync(path)).toEqual(content)
  expect(await fetched({ url: 'http://127.0.0.1:1/elsewhere' })).toBe(path)
  expect(asked).toHaveLength(1)
  expect(progress.at(-1)).toBe(content.length)
})

test('what is kept and damaged is fetched again', async () => {
  const { url } = await serve(whole)
  writeFileSync(await fetched({ url }), 'damaged')
  expect(readFileSync(await fetched({ url }))).toEqual(content)
})

test('what several tasks want at once is fetched once', async () => {
  const { url, asked } = await serve(whole)
  await Promise.all([fetched({ url }), fetched({ url }), fetched({ url })])
  expect(asked).toHaveLength(1)
})

test('an address may be found out when it is needed, and only then', async () => {
  const { url } = await serve(whole)
  let found = 0
  const find = async () => {
    found++
    return url
  }
  await fetched({ url: find })
  await fetched({ url: find })
  expect(found).toBe(1)
})

test('a connection that breaks is made again, and goes on where it was', async () => {
  let broken: ServerResponse | undefined
  const { url, asked } = await serve((request, response) => {
    const answer = broken ? resuming : halting(10_000)
    broken ??= response
    answer(request, response)
  })
  const path = await fetched({ url }, { progress: (done) => done === 10_000 && broken!.destroy() })
  expect(readFileSync(path)).toEqual(content)
  expect(asked).toEqual([undefined, 'bytes=10000-'])
})

test('what one run has begun, the next goes on with', async () => {
  const stop = new AbortController()
  const stopping = await serve(halting(10_000))
  const begun = fetched(
    { url: stopping.url },
    { signal: stop.signal, progress: (done) => done === 10_000 && stop.abort() },
  )
  await expect(begun).rejects.toThrow()
  const { url, asked } = await serve(resuming)
  expect(readFileSync(await fetched({ url }))).toEqual(content)
  expect(asked).toEqual(['bytes=10000-'])
})

test('a server that cannot go on begins anew', async () => {
  const path = await fetched({ url: (await serve(whole)).url })
  rmSync(path)
  writeFileSync(`${path}.part`, 'something')
  expect(readFileSync(await fetched({ url: (await serve(whole)).url }))).toEqual(content)
})

test('a beginning of another file is thrown away', async () => {
  const { url, asked } = await serve(resuming)
  const path = await fetched({ url })
  rmSync(path)
  writeFileSync(`${path}.part`, 'another beginning')
  expect(readFileSync(await fetched({ url }))).toEqual(content)
  expect(asked.slice(1)).toEqual(['bytes=17-', undefined])
})

test('mirrors are tried where the address fails, or has something else', async () => {
  const { url } = await serve(whole)
  const wrong = await serve((_, response) => response.end('something else'))
  const none = await serve((_, response) => response.writeHead(404).end())
  expect(readFileSync(await fetched({ url: none.url, mirrors: [wrong.url, async () => url] }))).toEqual(
    content,
  )
})

test('every address that failed is named', async () => {
  const none = await serve((_, response) => response.writeHead(404).end())
  expect(await failure({ url: none.url, mirrors: ['http://127.0.0.1:1/mirror'] })).toMatchObject({
    kind: 'download',
    url: none.url,
    detail: expect.stringMatching(/^the server answered 404 .*; http:\/\/127\.0\.0\.1:1\/mirror: /),
  })
})

test('nothing is kept of what is not what was promised', async () => {
  const { url } = await serve((_, response) => response.end('something else'))
  expect(await failure({ url })).toMatchObject({ kind: 'verification', what: url, expected: hex('sha256') })
  expect(readdirSync(join(root, '.cache/downloads'))).toEqual([])
  const kept = join(root, '.cache/downloads', hex('sha256'), 'a.tar.gz')
  for (const file of [kept, `${kept}.part`]) expect(existsSync(file)).toBe(false)
})

test('a server that says nothing is given up in the end', async () => {
  const silent = await serve(() => {})
  const received = await fetchDownload(
    { name: 'a', url: silent.url, sha256: hex('sha256') },
    context({ patienceMs: 50 }),
  ).catch((error) => error.failure)
  expect(received).toMatchObject({ kind: 'download', detail: 'nothing came for 0.05 seconds' })
})

test('a weaker digest is enough, and the stronger one is said', async () => {
  const { url } = await serve(whole)
  await fetched({ url, sha256: undefined, sha1: hex('sha1') })
  expect(warnings).toEqual([{ kind: 'weak-digest', what: url, sha256: hex('sha256') }])
})

test.each(['ready/a.tar.gz', 'file:'])('a local file is taken instead of the address: %s', async (kind) => {
  const path = put('ready/a.tar.gz', content)
  const file = kind === 'file:' ? `file://${path}` : kind
  expect(readFileSync(await fetched({ file }))).toEqual(content)
})

test('a local file is checked like any other', async () => {
  const file = put('ready/a.tar.gz', Buffer.from('something else'))
  expect(await failure({ file })).toMatchObject({ kind: 'verification', what: file })
  expect(readFileSync(file, 'utf8')).toBe('something else')
})

test('mirrors are tried where an address that is a path has nothing', async () => {
  const { url } = await serve(whole)
  expect(readFileSync(await fetched({ url: join(root, 'none'), mirrors: [url] }))).toEqual(content)
})

test('what lies in the folder needs no network; what does not comes from the address', async () => {
  put('ready/a.tar.gz', content)
  expect(readFileSync(await fetched({ folder: 'ready' }))).toEqual(content)
  const { url } = await serve(whole)
  expect(readFileSync(await fetched({ folder: 'ready', name: 'b.tar.gz', url }))).toEqual(content)
})

test('what lies in the folder and is something else is not taken, and said where nothing else is to be had', async () => {
  const path = put('ready/a.tar.gz', Buffer.from('something else'))
  expect(await failure({ folder: 'ready' })).toMatchObject({ kind: 'verification', what: path })
  const { url } = await serve(whole)
  expect(readFileSync(await fetched({ folder: 'ready', url }))).toEqual(content)
})

function put(path: string, bytes: Buffer): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bytes)
  return file
}
