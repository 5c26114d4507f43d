import { expect, test, vi } from 'vitest'
import { endProcesses, killProcesses } from '../../../lib/local/end-processes.ts'
import { findProcess, findProcesses } from '../../../lib/local/processes.ts'
import { marked, zombie } from './marked.ts'

const long = 20_000

test('what is found ends with its whole group, also with what hid from being found', async () => {
  const { entry, pid, numbers } = await marked('env -i sleep 600 & echo $!; wait')
  const ended = await endProcesses(() => findProcesses(entry), long)
  expect(ended.map(({ pid }) => pid)).toContain(pid)
  await vi.waitUntil(() => findProcess(numbers[0]!) === undefined, { timeout: long })
})

test('what does not end within the grace time is killed', async () => {
  const { entry, ended } = await marked('trap "" TERM; echo; while :; do sleep 600; done')
  await endProcesses(() => findProcesses(entry), 50)
  expect(await ended).toEqual([null, 'SIGKILL'])
})

test('what is asked to end may start further processes to put things in order', async () => {
  const { entry, ended } = await marked('trap "sleep 0.3 && exit 7" TERM; echo; while :; do read; done')
  await endProcesses(() => findProcesses(entry), long)
  expect(await ended).toEqual([7, null])
})

test('a session of its own does not save from being found', async () => {
  const { entry, numbers } = await marked('setsid sleep 600 & echo $!; wait')
  const ended = await endProcesses(() => findProcesses(entry), long)
  expect(ended.map(({ pid }) => pid)).toContain(numbers[0])
  expect(findProcesses(entry)).toEqual([])
})

test('of the group that this process is in, only what is meant is ended', async () => {
  const { entry, pid, numbers, ended } = await marked('sleep 600 & echo $!; wait')
  const ownGroup = findProcess(process.pid)!.group
  killProcesses(
    findProcesses(entry)
      .filter((one) => one.pid === pid)
      .map((one) => ({ ...one, group: ownGroup })),
  )
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(findProcess(numbers[0]!)).toBeDefined()
})

test('a zombie is not waited for', async () => {
  const { entry, child, pid, zombiePid } = await zombie()
  const ended = await endProcesses(() => findProcesses(entry).filter((one) => one.pid !== pid), long)
  expect({ ended, isThere: process.kill(zombiePid, 0), parent: child.exitCode }).toEqual({
    ended: [],
    isThere: true,
    parent: null,
  })
})
