import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { ForkServer } from '../../../lib/local/fork-server.ts'
import { entryOf } from '../../../lib/local/origin.ts'
import { ProcessGroups } from '../../../lib/local/process-groups.ts'
import { findProcess } from '../../../lib/local/processes.ts'
import { marked } from './marked.ts'

const someTask = () => ({ root: '/workspace', run: randomUUID(), task: 'compile' })

/** A command of a task, as its shell would start it. */
async function command(script: string, origin = someTask(), groups = new ProcessGroups(origin)) {
  const it = await marked(script, entryOf.task(origin))
  groups.add(it.child)
  return { ...it, origin, groups }
}

const lives = (pid: number | undefined) => findProcess(pid!) !== undefined

test('a task ends with all that it started, also in sessions of their own', async () => {
  const { groups, pid, numbers } = await command('setsid sleep 600 & echo $!; wait')
  await groups.end()
  expect([pid, ...numbers].map(lives)).toEqual([false, false])
})

test('also with what is just being started', async () => {
  const origin = someTask()
  const groups = new ProcessGroups(origin)
  const env = { PATH: process.env.PATH, AURORA_MESOSPHERE_TASK: entryOf.task(origin).split('=')[1] }
  const start = { words: ['sleep', '600'], cwd: '/', env }
  const server = new ForkServer()
  await vi.waitUntil(() => server.takes(start), { timeout: 10_000 })
  const command = server.start(start)
  groups.add(command)
  const ended = once(command, 'exit')
  await groups.end()
  expect(await ended).toEqual([null, 'SIGTERM'])
})

test('at once, too', async () => {
  const { groups, ended, numbers } = await command('trap "" TERM; setsid sleep 600 & echo $!; wait')
  groups.kill()
  expect(await ended).toEqual([null, 'SIGKILL'])
  await vi.waitUntil(() => !lives(numbers[0]), { timeout: 10_000 })
})

test('other tasks of the run are left alone', async () => {
  const { groups, origin } = await command('echo; read')
  const other = await command('setsid sleep 600 & echo $!; wait', { ...origin, task: 'compile-more' })
  await groups.end()
  expect([other.pid, ...other.numbers].map(lives)).toEqual([true, true])
})

test('of a task that ended well, what is left in its groups ends, and a session of its own stays', async () => {
  const { groups, child, ended, numbers } = await command(
    'sleep 600 & left=$!; setsid sleep 600 & echo $left $!; read',
  )
  await vi.waitUntil(() => findProcess(numbers[1]!)?.group === numbers[1], { timeout: 10_000 })
  child.stdin.end()
  await ended
  expect(numbers.map(lives)).toEqual([true, true])
  await groups.endStragglers()
  expect(numbers.map(lives)).toEqual([false, true])
})
