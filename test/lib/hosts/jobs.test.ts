import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Fleet, HostSession, ScriptJob } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'
import { failureOf } from './contract.ts'

let here: string
let sshd: Sshd
let fleet: Fleet
let session: HostSession

beforeAll(async () => {
  here = mkdtempSync(join(tmpdir(), 'jobs-'))
  // A `du` for which every job is large.
  writeFileSync(join(here, 'du'), '#!/bin/sh\nshift\nfor job; do printf "300000\\t%s\\n" "$job"; done\n')
  chmodSync(join(here, 'du'), 0o755)
  sshd = await startSshd([`SetEnv PATH=${here}:${process.env.PATH}`])
  fleet = openFleet(sshd.cluster)
  session = await fleet.session(sshd.host)
})
afterAll(async () => {
  await fleet?.close()
  await sshd?.stop()
  rmSync(here, { recursive: true, force: true })
})

const there = (path: string) => join(sshd.host.root, path)
const jobs = () => there('var/lib/aurora-mesosphere/jobs')
const folderOf = (task: string) =>
  join(jobs(), readdirSync(jobs()).find((name) => name.startsWith(`${task}.`))!)
const pidIn = (file: string) => Number(readFileSync(there(file), 'utf8').split('\n')[0])
/** A dead process that nobody has buried yet is none. */
const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

/** Runs a script under a task's name. */
function run(task: string, body: string, signal = new AbortController().signal) {
  const script = join(here, `${task}.sh`)
  writeFileSync(script, body)
  let said = ''
  const job: ScriptJob = {
    task,
    key: digestOf(body),
    script: 'work.sh',
    files: { 'work.sh': script },
    args: [],
    env: {},
    nth: 0,
    signal,
    onOutput: (_stream, text) => (said += text),
  }
  const ended = session.runScript(job)
  ended.catch(() => {})
  return {
    ended,
    said: () => said,
    says: (text: string) => until(() => said.includes(text)),
  }
}

const pidsOf = (name: string) => `
  echo $$ >"$ROOT/${name}.script"
  echo $PPID >"$ROOT/${name}.shell"
`
const forEver = 'while :; do sleep 1; done'

it('a signal ends also grandchildren that do not listen to it', async () => {
  const stop = new AbortController()
  const stubborn = `trap '' TERM INT HUP; echo $BASHPID >"$ROOT/grandchild"; ${forEver}`
  const { ended, says } = run(
    'stubborn',
    `( ( ${stubborn} ) & ) ; echo up; trap '' TERM; ${forEver}`,
    stop.signal,
  )
  await says('up')
  await until(() => existsSync(there('grandchild')))
  stop.abort('SIGINT')
  await expect(ended).rejects.toThrow('SIGINT')
  expect(isAlive(pidIn('grandchild'))).toBe(false)
})

it('a job whose shell was killed is lost, and what it left behind is ended', async () => {
  const { ended, says } = run('shot', `${pidsOf('shot')}echo half done; ${forEver}`)
  await says('half done')
  process.kill(pidIn('shot.shell'), 'SIGKILL')
  expect(await failureOf(ended)).toEqual({
    kind: 'job-lost',
    host: 'host-1',
    script: 'work.sh',
    rebooted: false,
    tail: 'half done',
  })
  expect(isAlive(pidIn('shot.script'))).toBe(false)
})

it('a script that something killed has failed, and is not lost', async () => {
  const { ended, says } = run('hit', `${pidsOf('hit')}echo up; ${forEver}`)
  await says('up')
  process.kill(pidIn('hit.script'), 'SIGKILL')
  expect(await failureOf(ended)).toMatchObject({ kind: 'script', exitCode: 137 })
})

it('a job whose host was rebooted is told apart, and is started anew', async () => {
  const body = `${pidsOf('rebooted')}echo half done\n[ -e "$ROOT/again" ] || ${forEver}`
  const { ended, says } = run('rebooted', body)
  await says('half done')
  process.kill(-pidIn('rebooted.shell'), 'SIGSTOP')
  const pidFile = join(folderOf('rebooted'), 'pid')
  const otherBoot = readFileSync(pidFile, 'utf8').replace(/^[0-9a-f-]{36}\//m, '0e4c5bc8-other-boot/')
  writeFileSync(pidFile, otherBoot)
  expect(await failureOf(ended)).toMatchObject({ kind: 'job-lost', rebooted: true, tail: 'half done' })
  process.kill(-pidIn('rebooted.shell'), 'SIGKILL')
  writeFileSync(there('again'), '')
  const second = run('rebooted', body)
  await second.ended
  expect(second.said()).toBe(
    'The host has started anew since an earlier run of this job, which is gone: starting anew. (host-1)\nhalf done\n',
  )
})

it('the next start removes what killed ones have left, with their secrets', async () => {
  await run('first', 'true').ended
  const left = ['.new.99999999.abcdef', '.new.0123456789ab', '.old.99999999.abcdef'].map((name) =>
    join(jobs(), name),
  )
  const going = join(jobs(), `.new.${process.pid}.abcdef`)
  for (const folder of [...left, going]) {
    mkdirSync(folder)
    writeFileSync(join(folder, 'env'), 'export SECRET=1\n')
  }
  await run('second', 'true').ended
  expect(left.filter((folder) => existsSync(folder))).toEqual([])
  expect(existsSync(going)).toBe(true)
})

it('of the logs of settled jobs, a gigabyte is kept, the newest; of others all, for they may be needed', async () => {
  for (const [index, task] of [...'abcdef'].entries()) {
    const folder = join(jobs(), `${task}.fake`)
    mkdirSync(folder)
    writeFileSync(join(folder, 'exit'), '0\n')
    if (task !== 'a') writeFileSync(join(folder, 'settled'), '')
    await session.exec(['touch', '-d', `2101-01-01 00:00:0${index}`, join(folder, 'exit')])
  }
  await run('last', 'true').ended
  const left = readdirSync(jobs()).filter((name) => name.endsWith('.fake'))
  expect(left.sort()).toEqual(['a.fake', 'd.fake', 'e.fake', 'f.fake'])
})
