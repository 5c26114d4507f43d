import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Digest } from '../model/digest.ts'

/** Hashes files in another thread. In their order, undefined for those that it cannot read, or that hold more than so many
 *  bytes; nothing at all where there is no thread to be had. */
export async function hashInThread(paths: string[], mostBytes: number): Promise<(Digest | undefined)[]> {
  try {
    const worker = new Worker(program, {
      eval: true,
      env: {},
      execArgv: [],
      workerData: { paths: paths.join('\0'), mostBytes },
    })
    const [digests] = await once(worker, 'message')
    return digests.split('/').map((digest: string) => digest || undefined)
  } catch {
    return [] // whoever needs them reads them
  }
}

/** A program of its own, and no module of this one: it begins sooner, however that was loaded. */
const program = `
const { hash } = require('node:crypto')
const { closeSync, constants, openSync, readSync } = require('node:fs')
const { parentPort, workerData: { paths, mostBytes } } = require('node:worker_threads')
const content = Buffer.allocUnsafe(mostBytes + 1)
const { O_RDONLY, O_NONBLOCK, O_NOATIME = 0 } = constants

parentPort.postMessage(paths.split('\\0').map(digestOf).join('/'))

function digestOf(path) {
  let file
  try {
    file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOATIME)
    const size = readSync(file, content)
    return size > mostBytes ? '' : hash('sha256', content.subarray(0, size))
  } catch {
    return ''
  } finally {
    if (file !== undefined) closeSync(file)
  }
}`
