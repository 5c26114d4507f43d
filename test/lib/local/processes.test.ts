import { expect, test } from 'vitest'
import { findProcess, findProcesses } from '../../../lib/local/processes.ts'
import { until } from '../../rig/until.ts'
import { marked, zombie } from './marked.ts'

test('processes are found by an entry of their environment, descendants included', async () => {
  const { entry, pid } = await marked('sleep 600 & echo; wait')
  const found = await until(
    () => findProcesses(entry).some(({ command }) => command === 'sleep 600') && findProcesses(entry),
  )
  expect(found.map(({ pid }) => pid)).toContain(pid)
  expect(found.map(({ group }) => group)).toEqual([pid, pid])
})

test('an entry has to match as a whole', async () => {
  const { entry } = await marked('echo; read')
  expect(findProcesses(entry)).toHaveLength(1)
  expect(findProcesses(entry.slice(0, -1))).toEqual([])
  expect(findProcesses(entry.slice(1))).toEqual([])
})

test('the value of an entry is found by its name', async () => {
  const { entry, pid } = await marked('echo; read')
  const [name, value] = entry.split('=') as [string, string]
  expect(findProcess(pid)?.environmentValue(name)).toBe(value)
  expect(findProcess(pid)?.environmentValue(name.slice(1))).toBeUndefined()
})

test('one that is alike counts, this process never', async () => {
  const path = `PATH=${process.env.PATH}`
  const { pid } = await marked('echo; read')
  expect(findProcess(process.pid)?.hasEnvironment(path)).toBe(true)
  const found = findProcesses(path).map(({ pid }) => pid)
  expect(found).toContain(pid)
  expect(found).not.toContain(process.pid)
})

test('one that is just becoming another program is found all the same', async () => {
  const { entry, pid } = await marked('echo; exec bash -c "$BASH_EXECUTION_STRING"')
  const [name, value] = entry.split('=') as [string, string]
  const looks = Array.from({ length: 10_000 }, () => findProcess(pid))
  expect(looks.filter((found) => !found?.hasEnvironment(entry))).toEqual([])
  expect(looks.filter((found) => found?.environmentValue(name) !== value)).toEqual([])
})

test('when it started tells a process from another one', async () => {
  const { pid } = await marked('echo; read')
  expect(findProcess(pid)?.started).toMatch(/^\S/)
  expect(findProcess(pid)?.started).toBe(findProcess(pid)?.started)
  expect(findProcess(pid)?.started).not.toBe(findProcess(process.pid)?.started)
})

test('a zombie does not live', async () => {
  const { zombiePid, entry, pid } = await zombie()
  expect(process.kill(zombiePid, 0)).toBe(true)
  expect(findProcess(zombiePid)).toBeUndefined()
  expect(findProcesses(entry).map(({ pid }) => pid)).toEqual([pid])
})
