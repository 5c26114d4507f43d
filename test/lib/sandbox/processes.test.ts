import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { endProcesses, findProcesses, isAlive, startTimeOf } from '../../../lib/sandbox/processes.ts'

test('processes are found by an entry of their environment, descendants included', async () => {
  const { marker, child } = await marked('sleep 600 & wait')
  const found = await vi.waitUntil(async () => {
    const some = await findProcesses(marker)
    return some.length === 2 && some.some(({ command }) => command === 'sleep 600') && some
  })
  expect(found.map(({ pid }) => pid)).toContain(child.pid)
  expect(found.every(({ group }) => group === child.pid)).toBe(true)
})

test('an entry has to match as a whole', async () => {
  const { marker } = await marked('exec sleep 600')
  expect(await findProcesses(marker)).toHaveLength(1)
  expect(await findProcesses(marker.slice(0, -1))).toEqual([])
  expect(await findProcesses(marker.slice(1))).toEqual([])
})

test('to end them ends their groups, with what hid from being found', async () => {
  const { marker, child } = await marked('env -i sleep 600 & echo $! >&3; wait')
  const hidden = child.hidden
  const ended = await endProcesses([marker], 5000)
  expect(ended.map(({ pid }) => pid)).toContain(child.pid)
  await vi.waitUntil(async () => (await startTimeOf(hidden)) === undefined, { timeout: 5000 })
})

test('what does not end within the grace time is killed', async () => {
  const { marker, child } = await marked('trap "" TERM; echo $$ >&3; while :; do sleep 600; done')
  const exit = once(child, 'exit')
  await endProcesses([marker], 50)
  expect(await exit).toEqual([null, 'SIGKILL'])
})

test('a process is alive only as the one that it was started as', async () => {
  const { marker, child } = await marked('exec sleep 600')
  expect(await isAlive(child.pid!, marker)).toBe(true)
  expect(await isAlive(child.pid!, `${marker}-other`)).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await isAlive(child.pid!, marker)).toBe(false)
})

/** A shell with an environment entry of its own that has come to the point of writing a number to descriptor 3, or to exec. */
async function marked(script: string) {
  const marker = `SANDBOX_TEST_MARKER=${randomUUID()}`
  const [name, value] = marker.split('=') as [string, string]
  const child = spawn('sh', ['-c', script], {
    detached: true,
    env: { ...process.env, [name]: value },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  onTestFinished(async () => void (await endProcesses([marker], 0)))
  const report = script.includes('>&3') ? await once(child.stdio[3]!, 'data') : ['0']
  if (script.startsWith('exec'))
    await vi.waitUntil(async () =>
      (await findProcesses(marker)).some(({ command }) => command === 'sleep 600'),
    )
  return { marker, child: Object.assign(child, { hidden: Number(String(report[0])) }) }
}
