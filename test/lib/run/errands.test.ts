import { expect, test } from 'vitest'
import type { HostSession } from '../../../lib/model/host-session.ts'
import type { RunContext } from '../../../lib/model/task.ts'
import { EngineRig } from '../../rig/engine.ts'
import { MadeUpHost } from './made-up-host.ts'

/** A workspace with one host, some of whose doings are the test's own. */
async function rigWith(doings: Partial<HostSession>): Promise<EngineRig> {
  const rig = new EngineRig()
  const { fleet, host } = new MadeUpHost()
  const session = { ...(await fleet.session(host)), ...doings }
  rig.fleet = { ...fleet, session: async () => session }
  rig.write({ 'remote-scripts/work': 'true\n' })
  return rig
}

const onMaster = { on: 'master', inputs: { files: ['remote-scripts/work'] } }

test('a script that a timed-out attempt left on a host is ended before the next one begins', async () => {
  const story: string[] = []
  const rig = await rigWith({
    runScript: ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          story.push('is being ended')
          setTimeout(() => {
            story.push('is ended')
            reject(signal.reason)
          }, 1500)
        }),
      ),
  })
  rig.task({
    ...onMaster,
    name: 'slow',
    timeout: '1s',
    retries: 1,
    run: async ({ host }) => {
      story.push('begins')
      if (story.length === 1) await host.script('work')
    },
  })
  expect((await rig.run(['slow'])).statuses).toEqual({ 'slow@master': 'ran' })
  expect(story).toEqual(['begins', 'is being ended', 'is ended', 'begins'])
})

test('what a host says too late is not printed among what the next attempt prints', async () => {
  let say = (_text: string) => {}
  const rig = await rigWith({
    runScript: async ({ onOutput }) => {
      say = (text) => onOutput('stdout', text)
      throw new Error('lost')
    },
  })
  let tried = 0
  rig.task({
    ...onMaster,
    name: 'flaky',
    retries: 1,
    run: async ({ host, log }) => {
      if (++tried === 1) await host.script('work')
      say('late\n')
      log('now')
    },
  })
  const { events } = await rig.run(['flaky'])
  expect(events.flatMap((event) => (event.type === 'task-output' ? event.text : []))).toEqual([
    'Attempt 1 of 2 failed; trying again.\n',
    'now\n',
  ])
})

test('a script that nobody waits for belongs to its task all the same', async () => {
  let isDone = false
  const rig = await rigWith({
    runScript: async ({ onOutput }) => {
      await new Promise((done) => setImmediate(done))
      onOutput('stdout', 'working\n')
      isDone = true
    },
  })
  rig.task({ ...onMaster, name: 'hasty', run: async ({ host }) => void host.script('work') })
  const { events } = await rig.run(['hasty'])
  expect(isDone).toBe(true)
  expect(events.map(({ type }) => type)).toEqual([
    ...['run-start', 'task-start', 'task-output', 'task-end', 'run-end'],
  ])
})

test.each<[string, (context: RunContext<any>) => Promise<unknown>]>([
  ['script', ({ host }) => host.script('work')],
  ['command', ({ host }) => host.exec(['true'])],
  ['question', ({ host }) => host.ask(['true'])],
  ['look', ({ host }) => host.read('/etc/os-release')],
  ['upload', ({ host }) => host.upload(['remote-scripts/work'], '/srv')],
  ['transfer home', ({ host }) => host.download(['/srv/work'], 'dist')],
  ['download', ({ download }) => download('archive')],
])('no %s begins for an attempt that is over', async (_, begin) => {
  const begun: string[] = []
  const note = (name: string) => async () => void begun.push(name) as never
  const rig = await rigWith({
    exec: note('exec'),
    runScript: note('script'),
    read: note('read'),
    upload: note('upload'),
    download: note('download'),
  })
  let proceed = () => {}
  let late = Promise.resolve<unknown>(undefined)
  rig.task({
    ...onMaster,
    name: 'failing',
    run: async (context) => {
      late = new Promise<void>((done) => {
        proceed = done
      }).then(() => begin(context))
      throw new Error('at once')
    },
  })
  await rig.run(['failing'])
  proceed()
  await expect(late).rejects.toMatchObject({ name: 'AbortError' })
  expect(begun).toEqual([])
})
