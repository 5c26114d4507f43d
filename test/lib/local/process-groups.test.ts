import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { ForkServer } from '../../../lib/local/fork-server.ts'
import { entryOf } from '../../../lib/local/origin.ts'
import { ProcessGroups } from '../../../lib/local/process-groups.ts'
import { findProcess } from '../../../lib/local/processes.ts'
import { until } from '../../rig/until.ts'
import { marked } from './marked.ts'

const someTask = () => ({ root: '/workspace', run: randomUUID(), task: 'compile' })

/** A command of a task, as its shell would start it. */
async function command(script: string, origin = someTask(), groups = new ProcessGroups(origin)) {
  const it = await marked(script, entryOf.task(origin))
  groups.add(it.child)
  return { ...it, origin, groups }
}

/** A command of a task that a fork server is about to start. */
async function forked(script: string) {
  const origin = someTask()
  const groups = new ProcessGroups(origin)
  const env = { PATH: process.env.PATH, AURORA_MESOSPHERE_TASK: entryOf.task(origin).split('=')[1] }
  const start = { words: ['bash', '-c', script], cwd: '/', env }
  const server = new ForkServer()
  await until(() => server.takes(start))
  const command = server.start(start)
  for (const stream of [command.stdout, command.stderr]) stream.resume()
  groups.add(command)
  return { command, groups }
}

const lives = (pid: number | undefined) => findProcess(pid!) !== undefined

test('a task ends with all that it started, also in sessions of their own', async () => {
  const { groups, pid, numbers } = await command('setsid sleep 600 & echo $!; wait')
  await groups.end()
  expect([pid, ...numbers].map(lives)).toEqual([false, false])
})

test('also with what is just being started', async () => {
  const { command, groups } = await forked('exec sleep 600')
  const ended = once(command, 'exit')
  await groups.end()
  expect(await ended).toEqual([null, 'SIGTERM'])
})

test('what they print last is heard, however late it comes', async () => {
  const { command, groups } = await forked(
    'trap "echo in order; exit" TERM; echo $PPID; while :; do sleep 0.1; done',
  )
  let heard = ''
  command.stdout.on('data', (text) => (heard += text))
  await until(() => heard.endsWith('\n'))
  const server = Number(heard)
  process.kill(server, 'SIGSTOP')
  const ended = groups.end()
  await until(() => !lives(command.pid))
  setTimeout(() => process.kill(server, 'SIGCONT'), 200)
  await ended
  expect(heard).toBe(`${server}\nin order\n`)
})

test('no other process is waited for that may print there, too', async () => {
  const { child, groups, numbers } = await command('setsid env -i sleep 600 & echo $!; wait')
  await until(() => findProcess(numbers[0]!)?.command === 'sleep 600')
  onTestFinished(() => void process.kill(numbers[0]!))
  await groups.end()
  expect(lives(numbers[0])).toBe(true)
  expect(child.stdout.readableEnded).toBe(false)
})

test('at once, too', async () => {
  const { groups, ended, numbers } = await command('trap "" TERM; setsid sleep 600 & echo $!; wait')
  groups.kill()
  expect(await ended).toEqual([null, 'SIGKILL'])
  await until(() => !lives(numbers[0]))
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
  await until(() => findProcess(numbers[1]!)?.group === numbers[1])
  child.stdin.end()
  await ended
  expect(numbers.map(lives)).toEqual([true, true])
  await groups.endStragglers()
  expect(numbers.map(lives)).toEqual([false, true])
})

test('so it is where a fork server started them', async () => {
  const { command, groups } = await forked('sleep 600 & echo $!')
  let printed = ''
  command.stdout.on('data', (text) => (printed += text))
  await once(command, 'exit')
  await until(() => printed.endsWith('\n'))
  await groups.endStragglers()
  expect(lives(Number(printed))).toBe(false)
})
