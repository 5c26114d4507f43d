import { readdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
// @ts-expect-error the miniatures are plain JavaScript
import { writeZip } from '../../tasks/sandbox/aurora/build-support/zip-file.mjs'
import { HostFolder, usualPath } from '../rig/host-folder.ts'

let host: HostFolder
beforeEach(() => {
  host = new HostFolder()
  host.write('/etc/mesos-slave/port', '1\n')
})
afterEach(() => host.remove())

const executors = '/var/lib/executors'
const check = (env: Record<string, string> = {}, path = usualPath) =>
  host.run('thermos_check.sh', {
    path,
    env: { EXECUTORS: executors, PORT: '1', ROLE: 'root', SLAVE_ROOT: '/tmp/mesos', PUBLISHED: '', ...env },
  })

it('names everything that is wrong, with what to do, and fails', async () => {
  const ran = await check({ ROLE: 'nobody-here' })
  expect(ran.exitCode).toBe(1)
  const wrong = [...ran.output.matchAll(/^WRONG {2}(.*)\n {7}(\S.*)$/gm)].map(([, sentence]) => sentence)
  expect(wrong).toEqual([
    'the Mesos slave answers',
    'it is healthy',
    'clients look for sandboxes where it keeps them, in /tmp/mesos',
    'a release is installed',
    'the runner is inside the executor',
    'the executor starts',
    'there is a user nobody-here',
    'the observer is kept running',
    'the observer answers',
  ])
  expect(ran.output).toContain('This slave: 9 of the things above are wrong.')
})

it('advises what brings a release whoever else brings the executors', async () => {
  const ran = await check({ PUBLISHED: 'http://127.0.0.1:1/thermos_executor.pex' })
  expect(ran.output).toContain('WRONG  a release is installed\n       Run start: it brings that first.')
})

it('sees what was damaged after it was brought', async () => {
  host.write(`${executors}/current/SHA256SUMS`, `${'0'.repeat(64)}  gc_executor.pex\n`)
  host.write(`${executors}/current/gc_executor.pex`, 'damaged', 0o755)
  expect((await check()).output).toContain('WRONG  gc_executor.pex is what was built, and a program')
})

describe('of the libraries that the executor links', () => {
  const sentence = 'the libraries that the executor links are on this slave'
  const links = (said: string) => {
    const entries = new Map([['.deps/mesos.native.egg/mesos/native/_mesos.so', Buffer.from(said)]])
    const pex = writeZip({ prefix: Buffer.from('#!/usr/bin/env python2.7\n'), entries })
    host.write(`${executors}/current/thermos_executor.pex`, '')
    writeFileSync(host.path(`${executors}/current/thermos_executor.pex`), pex)
    host.write('/programs/python2.7', '#!/bin/sh\nexec python3 "$@"\n', 0o755)
    // Says of a file what that holds.
    host.write('/programs/ldd', '#!/bin/sh\nexec cat "$1"\n', 0o755)
    return check({}, [host.path('/programs'), ...usualPath])
  }

  it('says that all are there', async () => {
    expect((await links('libz.so.1 => /lib/libz.so.1\n')).output).toContain(`ok     ${sentence}`)
    expect(readdirSync(host.path('/tmp'))).toEqual([])
  })

  it('names those that are not', async () => {
    const { output } = await links('libz.so.1 => /lib/libz.so.1\nlibsasl2.so.2 => not found\n')
    expect(output).toMatch(new RegExp(`WRONG  ${sentence}\n +ldd says: libsasl2.so.2 => not found\\.`))
  })

  it('says that it did not look where the code cannot be unpacked', async () => {
    expect((await check()).output).toContain(
      `not checked: ${sentence}: mesos/native/_mesos.so could not be unpacked`,
    )
  })
})

it('says what it leaves to the fetcher and to the smoke test', async () => {
  const { output } = await check({ PUBLISHED: 'hdfs://10.0.0.1/thermos_executor.pex' })
  expect(output).toContain(
    "not checked: the executor is to be had at hdfs://10.0.0.1/thermos_executor.pex: only Mesos' fetcher",
  )
  expect(output).toMatch(/^not checked: the executor starts, and the libraries .* run smoke-test\.$/m)
})

it("asks the store for the executor where Mesos' fetcher brings it", async () => {
  const uri = 'http://127.0.0.1:1/thermos_executor.pex'
  const { output } = await check({ PUBLISHED: uri })
  expect(output).toContain(`WRONG  the executor is to be had at ${uri}`)
  expect(output).not.toContain('the runner is inside the executor')
})
