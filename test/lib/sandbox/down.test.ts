import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { sandboxDown } from '../../../lib/sandbox/down.ts'
import { sandboxStatus } from '../../../lib/sandbox/status.ts'
import { until } from '../../rig/until.ts'
import { hostRoot, opened, snapshot, workspace } from './workspace.ts'

test('down ends services and whatever was started on hosts, and leaves the hosts', async () => {
  const root = workspace()
  const { fleet, close } = await opened(root)
  const session = await fleet.session(fleet.hosts.slaves![0]!)
  await session.exec(['sh', '-c', 'setsid tail -f /dev/null </dev/null >/dev/null 2>&1 & echo started'])
  await close()
  const both = ['tail -f /dev/null', 'tail -f /dev/null']
  await until(async () => isDeepStrictEqual(await commands(root), both))

  const { ended, removed } = await sandboxDown({ root, remove: false })
  expect(ended.map(({ command }) => command)).toEqual(both)
  expect(removed).toBe(false)
  expect(await commands(root)).toEqual([])
  expect(existsSync(hostRoot(root, 'slave-1'))).toBe(true)
  expect((await opened(root)).existed).toBe(true)
})

test('what ignores the request to end is killed', async () => {
  const root = workspace()
  const { fleet } = await opened(root)
  const session = await fleet.session(fleet.hosts.master![0]!)
  const stubborn = `trap "" TERM; while :; do sleep 600; done`
  await session.exec(['sh', '-c', `setsid sh -c '${stubborn}' </dev/null >/dev/null 2>&1 &`])
  await until(async () => (await commands(root)).some((command) => command.includes('trap')))
  await sandboxDown({ root, remove: false })
  expect(await commands(root)).toEqual([])
})

test('down --remove deletes the hosts, the keys and the ports', async () => {
  const root = workspace()
  await opened(root)
  expect(await sandboxDown({ root, remove: true })).toMatchObject({ removed: true })
  expect(existsSync(`${root}/.cache/sandbox`)).toBe(false)
  expect(await sandboxStatus({ root })).toMatchObject({ exists: false, hosts: [], ports: {} })
})

test('where there is no sandbox, down does nothing', async () => {
  const root = workspace()
  expect(await sandboxDown({ root, remove: true })).toMatchObject({ ended: [], removed: false })
  expect(Object.keys(snapshot(root))).toEqual(['.'])
})

test('status tells hosts, what runs on them, and the ports, and changes nothing', async () => {
  const root = workspace()
  const { cluster } = await opened(root)
  await until(async () => (await commands(root)).includes('tail -f /dev/null'))
  const before = snapshot(root)
  expect(await sandboxStatus({ root })).toEqual({
    exists: true,
    folder: `${root}/.cache/sandbox`,
    hosts: [
      { name: 'master', processes: [{ pid: expect.any(Number), command: 'tail -f /dev/null' }] },
      { name: 'slave-1', processes: [] },
      { name: 'slave-2', processes: [] },
    ],
    ports: cluster.config,
  })
  expect(snapshot(root)).toEqual(before)
})

test('another workspace’s sandbox is left alone', async () => {
  const [one, other] = [workspace(), workspace()]
  await opened(one)
  await opened(other)
  await sandboxDown({ root: one, remove: false })
  expect(await commands(other)).toHaveLength(1)
})

async function commands(root: string): Promise<string[]> {
  const { hosts } = await sandboxStatus({ root })
  return hosts.flatMap(({ processes }) => processes.map(({ command }) => command))
}
