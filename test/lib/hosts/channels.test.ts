import { spawnSync } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Fleet, HostSession, ScriptJob } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'
import { failureOf } from './contract.ts'

let sshd: Sshd
let fleet: Fleet

afterEach(async () => {
  await fleet?.close()
  for (const pid of linesOf(there('pids'))) spawnSync('kill', [pid])
  await sshd?.stop()
})

const start = async (settings: string[] = []): Promise<HostSession> => {
  sshd = await startSshd(settings)
  fleet = openFleet(sshd.cluster)
  return fleet.session(sshd.host)
}
const there = (path: string) => join(sshd.host.root, path)
const linesOf = (path: string) =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
/** A long command that leaves a line when it starts. */
const lasting = (name: string) => [
  'sh',
  '-c',
  'echo "$0" >>"$ROOT/started"; echo $$ >>"$ROOT/pids"; exec sleep 60',
  name,
]

describe('what a signal ends', () => {
  it('never starts when it has not started yet', async () => {
    const session = await start()
    const stop = new AbortController()
    setMaxListeners(0, stop.signal)
    const all = Array.from({ length: 20 }, (_, index) =>
      session.exec(lasting(`${index}`), { signal: stop.signal }).catch((error: Error) => error.message),
    )
    await until(() => linesOf(there('started')).length === 8)
    stop.abort('SIGINT')
    expect(await Promise.all(all)).toEqual(all.map(() => expect.stringContaining('SIGINT')))
    await session.exec(['true'])
    expect(linesOf(there('started'))).toHaveLength(8)
  })

  it('is signalled, which a server does for all but root', async () => {
    const session = await start(['LogLevel DEBUG1'])
    const stop = new AbortController()
    const asked = session.exec(lasting('one'), { signal: stop.signal }).catch((error: Error) => error.message)
    await until(() => linesOf(there('started')).length === 1)
    stop.abort('SIGINT')
    expect(await asked).toContain('SIGINT')
    await until(() => sshd.log().includes('request signal'))
  })

  it('is closed when it was about to start', async () => {
    const session = await start()
    const stop = new AbortController()
    const chatter = ['sh', '-c', 'echo $$ >"$ROOT/pid"; while :; do echo more; sleep 0.05; done']
    const asked = session.exec(chatter, { signal: stop.signal }).catch((error: Error) => error.message)
    setImmediate(() => stop.abort('SIGINT'))
    expect(await asked).toContain('SIGINT')
    await until(() => linesOf(there('pid')).every((pid) => !existsSync(`/proc/${pid}`)))
    expect((await session.exec(['echo', 'here'])).stdout).toBe('here\n')
  })
})

describe.each([1, 2, 4])('a server that admits %i session(s) on a connection', (sessions) => {
  it('runs more commands than that, and transfers beside them', async () => {
    const session = await start([`MaxSessions ${sessions}`])
    const local = join(sshd.folder, 'bundle')
    writeFileSync(local, 'content')
    const file = { path: local, digest: digestOf('content'), size: 7, executable: false }
    const outputs = Array.from({ length: 12 }, async (_, index) => {
      const { stdout } = await session.exec(['sh', '-c', `sleep 0.0${index}; echo ${index}`])
      return stdout
    })
    await session.upload([file], '/srv', () => {})
    expect(await Promise.all(outputs)).toEqual(outputs.map((_, index) => `${index}\n`))
    expect(readFileSync(there('srv/bundle'), 'utf8')).toBe('content')
  })
})

it('waits as long as it takes while one of ours is open', async () => {
  const session = await start(['MaxSessions 2'])
  const holders = [1, 2].map((seconds) => session.exec(['sleep', `${3 * seconds}`]))
  const behind = [1, 2, 3].map((number) => session.exec(['echo', `${number}`]))
  expect((await Promise.all(behind)).map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n'])
  await Promise.all(holders)
})

it('follows a job on a server that admits one session, and interrupts it', async () => {
  const session = await start(['MaxSessions 1'])
  const script = join(sshd.folder, 'job.sh')
  writeFileSync(script, 'echo $$ >"$ROOT/job.pid"; echo ready; exec sleep 100')
  const stop = new AbortController()
  let output = ''
  const job: ScriptJob = {
    task: 'job',
    key: digestOf('job'),
    script: 'job.sh',
    files: { 'job.sh': script },
    args: [],
    env: {},
    nth: 0,
    signal: stop.signal,
    onOutput: (_, text) => (output += text),
  }
  const running = session.runScript(job).catch((error: Error) => error.message)
  await until(() => output.includes('ready'))
  stop.abort('SIGINT')
  expect(await running).toContain('SIGINT')
  const pid = readFileSync(there('job.pid'), 'utf8').trim()
  await until(() => !existsSync(`/proc/${pid}`))
})

it('says so when a server admits no session at all', async () => {
  const session = await start(['MaxSessions 0'])
  expect(await failureOf(session.exec(['true']))).toMatchObject({
    kind: 'refused',
    problem: expect.stringContaining('refuses to run another command'),
    advice: expect.stringContaining('MaxSessions'),
  })
})

it('says so where there is no SFTP, and runs commands all the same', async () => {
  const session = await start(['Subsystem other /bin/true'])
  const local = join(sshd.folder, 'bundle')
  writeFileSync(local, 'content')
  const file = { path: local, digest: digestOf('content'), size: 7, executable: false }
  expect(await failureOf(session.upload([file], '/srv', () => {}))).toMatchObject({
    kind: 'refused',
    problem: expect.stringContaining('host-1 offers no SFTP'),
  })
  expect((await session.exec(['echo', 'here'])).stdout).toBe('here\n')
})
