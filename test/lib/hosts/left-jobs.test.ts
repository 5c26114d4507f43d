import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import type { RunOptions } from '../../../lib/run/options.ts'
import { EngineRig } from '../../rig/engine.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'

// Each run connects, and starts a dozen commands on the host: much on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let sshd: Sshd
let fleet: Fleet
let rig: EngineRig
/** What a script has left to say waits until its test says so, by a name of its own. */
let name: string
let count = 0

beforeAll(async () => {
  sshd = await startSshd()
  fleet = openFleet(sshd.cluster)
})
afterAll(async () => {
  await fleet?.close()
  await sshd?.stop()
})
beforeEach(() => {
  name = `task-${++count}`
  rig = new EngineRig()
  rig.fleet = fleet
})

const there = (file: string) => join(sshd.host.root, `${name}.${file}`)
/** What scripts did on the host, in order. */
const done = () => (existsSync(there('done')) ? readFileSync(there('done'), 'utf8').trim().split('\n') : [])
const go = () => writeFileSync(there('go'), '')

const note = (word: string) => `echo ${word} >>"$ROOT/${name}.done"\n`
const wait = () => `while [ ! -e "$ROOT/${name}.go" ]; do sleep 0.05; done\n`

/** Declares a task that runs scripts on the host, one after the other. */
function declare(scripts: Record<string, string>, order = Object.keys(scripts)): void {
  for (const [script, body] of Object.entries(scripts)) rig.write({ [`remote-scripts/${script}`]: body })
  rig.tasks = []
  rig.task({
    name,
    on: 'hosts',
    inputs: { files: ['remote-scripts/*'] },
    async run({ host }) {
      for (const script of order) await host.script(script)
    },
  })
}

/** Runs the task until a script has said a word, and leaves it there as a closed terminal does. */
async function leaveAt(word: string): Promise<void> {
  const hangUp = new AbortController()
  const running = rig.run([name], {}, hangUp.signal)
  await until(() => done().includes(word))
  hangUp.abort('SIGHUP')
  await running
}

async function run(options: Partial<RunOptions> = {}) {
  const { statuses, failures, events } = await rig.run([name], options)
  const [id] = Object.keys(statuses)
  const said = events.flatMap((event) => (event.type === 'task-output' ? [event.text] : [])).join('')
  return { status: statuses[id!], failure: failures[id!], said }
}

it('what a run has left is ended before the same task begins with other inputs', async () => {
  declare({ 'work.sh': `${note('old')}${wait()}${note('old-end')}` })
  await leaveAt('old')
  declare({ 'work.sh': `${note('new')}${note('new-end')}` })
  const { status, said } = await run()
  go()
  expect(status).toBe('ran')
  expect(said).toBe(`Ended on host-1: what an earlier run of \`${name}\` still did there.\n`)
  expect(done()).toEqual(['old', 'new', 'new-end'])
})

it('a task that was left in its second script goes on there, and does not begin with its first again', async () => {
  declare({ 'a.sh': note('a'), 'b.sh': `${note('b')}${wait()}${note('b-end')}` })
  await leaveAt('b')
  const second = run()
  go()
  expect((await second).status).toBe('ran')
  expect(done()).toEqual(['a', 'b', 'b-end'])
})

it('a script that a task runs twice is run twice, and no third time when the task was left after that', async () => {
  declare({ 'a.sh': note('a'), 'b.sh': `${note('b')}${wait()}` }, ['a.sh', 'a.sh', 'b.sh'])
  await leaveAt('b')
  go()
  expect((await run()).status).toBe('ran')
  expect(done()).toEqual(['a', 'a', 'b'])
})

it('a task that failed in its second script begins with its first again', async () => {
  declare({ 'a.sh': note('a'), 'b.sh': `${note('b')}[ -e "$ROOT/${name}.go" ]\n` })
  expect((await run()).failure).toMatchObject({ kind: 'script', script: 'b.sh', exitCode: 1 })
  go()
  expect((await run()).status).toBe('ran')
  expect(done()).toEqual(['a', 'b', 'a', 'b'])
})

it('a task that ended well does all of it again where it has to, though its inputs are the same', async () => {
  declare({ 'a.sh': note('a') })
  await run()
  await (await fleet.session(sshd.host)).removeReceipt(name)
  expect((await run()).status).toBe('ran')
  expect(done()).toEqual(['a', 'a'])
})

it('going back to what was left long ago does all of it again', async () => {
  const old = { 'a.sh': note('old'), 'b.sh': `${note('b')}${wait()}` }
  declare(old)
  await leaveAt('b')
  declare({ 'a.sh': note('new'), 'b.sh': '' })
  await run()
  go()
  declare(old)
  expect((await run()).status).toBe('ran')
  expect(done()).toEqual(['old', 'b', 'new', 'old', 'b'])
})

it('with `--no-cache`, what was left is ended, and all of it done anew', async () => {
  declare({ 'a.sh': note('a'), 'b.sh': `${note('b')}${wait()}${note('b-end')}` })
  await leaveAt('b')
  const second = run({ noCache: true })
  await until(() => done().length === 4)
  go()
  expect((await second).status).toBe('ran')
  expect(done()).toEqual(['a', 'b', 'a', 'b', 'b-end'])
})
