import { readdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../lib/model/digest.ts'
// @ts-expect-error the miniatures are plain JavaScript
import { writeZip } from '../../tasks/sandbox/aurora/build-support/zip-file.mjs'
import { HostFolder, usualPath } from '../rig/host-folder.ts'
import { json, keepRunning, Listeners, wrongIn } from './checklist.ts'

let host: HostFolder
let listeners: Listeners
beforeEach(() => {
  host = new HostFolder()
  listeners = new Listeners()
  host.write('/etc/mesos-slave/port', '1\n')
})
afterEach(() => {
  listeners.close()
  host.remove()
})

const executors = '/var/lib/executors'
const check = (env: Record<string, string> = {}, path = usualPath) =>
  host.run('thermos_check.sh', {
    path,
    env: {
      EXECUTORS: executors,
      FILES: 'gc_executor.pex thermos_executor.pex thermos_observer.pex',
      PORT: '1',
      ROLE: 'root',
      SLAVE_ROOT: '/tmp/mesos',
      PUBLISHED: '',
      ...env,
    },
  })

const runner = 'apache/aurora/executor/resources/thermos_runner.pex'
const nativeCode = '.deps/mesos.native.egg/mesos/native/_mesos.so'

/** An executor that holds these files, and says which options it has. */
function giveExecutor(entries: [string, string][], options = '--announcer-enable'): void {
  const files = new Map(entries.map(([name, content]) => [name, Buffer.from(content)]))
  const pex = writeZip({ prefix: Buffer.from(`#!/bin/sh\necho '${options}'\nexit\n`), entries: files })
  host.write(`${executors}/current/thermos_executor.pex`, '', 0o755)
  writeFileSync(host.path(`${executors}/current/thermos_executor.pex`), pex)
}

/** Another Python, and an ldd that says of a file what that holds. */
function programs(): string[] {
  host.write('/programs/python2.7', '#!/bin/sh\nexec python3 "$@"\n', 0o755)
  host.write('/programs/ldd', '#!/bin/sh\nexec cat "$1"\n', 0o755)
  return [host.path('/programs'), ...usualPath]
}

describe('where all is well', () => {
  let state: any
  let observer: number
  beforeEach(async () => {
    state = { attributes: { host: 'one' }, flags: { version: 'false', work_dir: '/tmp/mesos' } }
    const mesos = () => ({ '/slave(1)/health': '', '/slave(1)/state.json': json(state) })
    host.write('/etc/mesos-slave/port', `${await listeners.serve(mesos)}\n`)
    observer = await listeners.serve(() => ({ '/health': 'OK' }))
    keepRunning(host, 'observer')
    giveExecutor([
      [runner, ''],
      [nativeCode, 'libz.so.1 => /lib/libz.so.1\n'],
    ])
    for (const name of ['gc_executor', 'thermos_observer'])
      host.write(`${executors}/current/${name}.pex`, name, 0o755)
    seal()
  })

  /** Says of what is there now that it is what was built. */
  function seal(): void {
    const sums = readdirSync(host.path(`${executors}/current`))
      .filter((name) => name.endsWith('.pex'))
      .map((name) => `${digestOf(host.bytes(`${executors}/current/${name}`))}  ${name}\n`)
    host.write(`${executors}/current/SHA256SUMS`, sums.join(''))
  }
  const checkAll = () => check({ PORT: String(observer) }, programs())

  it('finds nothing wrong', async () => {
    const { exitCode, output } = await checkAll()
    expect(wrongIn(output), output).toEqual([])
    expect(exitCode).toBe(0)
    expect(output).toContain('This slave: all that was checked is as it should be.')
    expect(output).not.toContain('not checked')
  })

  it('does not mind with what status an executor ends that says its options', async () => {
    const many = Array.from({ length: 20_000 }, (_, number) => `--announcer-${number}`).join("'; echo '")
    giveExecutor(
      [
        [runner, ''],
        [nativeCode, ''],
      ],
      `--announcer-enable'; echo '${many}'; exit 1; echo '`,
    )
    seal()
    const { output } = await checkAll()
    expect(wrongIn(output), output).toEqual([])
  })

  it.each<[string, () => void, string]>([
    [
      'clients look elsewhere for sandboxes',
      () => (state.flags.work_dir = '/var/lib/mesos'),
      'clients look for sandboxes where it keeps them, in /tmp/mesos',
    ],
    [
      'an executor was built without its runner',
      () => {
        giveExecutor([[nativeCode, '']])
        seal()
      },
      'the runner is inside the executor',
    ],
    [
      'an executor does not start',
      () => {
        giveExecutor(
          [
            [runner, ''],
            [nativeCode, ''],
          ],
          'ImportError',
        )
        seal()
      },
      'the executor starts',
    ],
    [
      'an executor was never brought',
      () => {
        host.unlink(`${executors}/current/gc_executor.pex`)
        seal()
      },
      'gc_executor.pex is what was built, and a program',
    ],
    [
      'one can no longer be executed',
      () => host.write(`${executors}/current/gc_executor.pex`, 'gc_executor', 0o644),
      'gc_executor.pex is what was built, and a program',
    ],
    [
      'nothing keeps the observer running',
      () => host.unlink('/var/run/aurora/observer.pid'),
      'the observer is kept running',
    ],
  ])('but %s, it says so', async (_, change, sentence) => {
    change()
    const { exitCode, output } = await checkAll()
    expect(wrongIn(output), output).toEqual([sentence])
    expect(exitCode).toBe(1)
  })
})

it('names everything that is wrong, with what to do, and fails', async () => {
  const ran = await check({ ROLE: 'nobody-here' })
  expect(ran.exitCode).toBe(1)
  expect(wrongIn(ran.output)).toEqual([
    'the Mesos slave answers',
    'it is healthy',
    'clients look for sandboxes where it keeps them, in /tmp/mesos',
    'a release is installed',
    'gc_executor.pex is what was built, and a program',
    'thermos_executor.pex is what was built, and a program',
    'thermos_observer.pex is what was built, and a program',
    'the runner is inside the executor',
    'the executor starts',
    'there is a user nobody-here',
    'the observer is kept running',
    'the observer answers',
  ])
  expect(ran.output).toContain('This slave: 12 of the things above are wrong.')
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
    giveExecutor([[nativeCode, said]])
    return check({}, programs())
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
