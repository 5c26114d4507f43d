import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillUp, silence, slowDown } from '../rig/cluster/ailments.ts'
import type { TestHosts } from '../rig/cluster/hosts.ts'
import { startHosts } from '../rig/cluster/hosts.ts'
import { program, runJson } from './program.ts'
import type { WorkspaceCopy } from './workspace-copy.ts'
import { copyWorkspace } from './workspace-copy.ts'

const well = ['host-1', 'host-2', 'host-3', 'host-4', 'host-5', 'host-6'] as const
const ill = ['dead', 'full', 'slow', 'strange'] as const
const names = [...well, ...ill]

/** `install` on all hosts, and what depends on it in one way or another. */
const tasks = `
import { main, task } from '../lib/index.ts'

const declared = { module: import.meta.url, description: 'A part of the story' }
const install = task({
  ...declared,
  name: 'install',
  on: 'hosts',
  inputs: { files: ['payload', 'remote-scripts/unpack.sh'] },
  outputs: { files: ['/opt/payload', '/opt/unpacked'] },
  timeout: '25s',
  tolerate: 4,
  async run({ host }) {
    await host.upload(['payload'], '/opt')
    await host.script('unpack.sh')
  },
})
const onHosts = { ...declared, on: 'hosts', needs: [install], async run() {} }
const lenient = task({ ...onHosts, name: 'lenient', tolerate: '40%' })
const strict = task({ ...onHosts, name: 'strict', tolerate: '30%' })
const here = (name, need) => task({ ...declared, name, needs: [need], async run() {} })
const parts = [install, lenient, strict, here('by-count', install), here('by-share', lenient), here('never', strict)]
await main({ tasks: parts, roles: { hosts: 'many' } })
`

describe('of ten hosts, one is dead, one is full, one is slow, and one shows another key', () => {
  let hosts: TestHosts<(typeof names)[number]>
  let workspace: WorkspaceCopy
  let healSlow: () => Promise<void>
  let healOthers: () => Promise<void>

  beforeAll(async () => {
    hosts = await startHosts(names, async () => [])
    workspace = await copyWorkspace()
    const { dead, full, slow } = hosts.containers
    const write = (path: string, content: string | Buffer) => writeFile(join(workspace.root, path), content)
    await write('tasks/index.ts', tasks)
    await write('remote-scripts/unpack.sh', 'sudo cp /opt/payload /opt/unpacked\n')
    await write('payload', randomBytes(500_000))
    await write('cluster.yml', JSON.stringify(clusterOf(hosts)))
    healSlow = await slowDown(slow)
    const heals = await Promise.all([
      silence(dead),
      fillUp(full, '/var/lib/aurora-mesosphere'),
      changeKey(hosts.folder, hosts.addresses.strange),
    ])
    healOthers = async () => void (await Promise.all(heals.map((heal) => heal())))
  })
  afterAll(async () => {
    await hosts?.stop()
    await workspace?.remove()
  })

  const run = (...args: string[]) => ['run', ...args, '--forks', '4']

  test('the six others are done without waiting for them, and each of the four fails of what is wrong', async () => {
    const { ends, exitCode, end, having } = await runJson(
      workspace.root,
      run('by-count', 'by-share', 'never'),
    )
    expect(exitCode).toBe(1)
    const order = ends.map(({ task }) => task)
    const before = order.slice(0, order.indexOf('install@slow'))
    expect(before).toEqual(expect.arrayContaining([...on(well, 'install'), ...on(well, 'lenient')]))
    expect(having('ran')).toEqual(expect.arrayContaining([...on(well, 'install'), ...on(well, 'lenient')]))
    expect(having('failed')).toEqual(on(ill, 'install'))
    expect(end?.failedHosts).toEqual({
      unreachable: ['dead'],
      'no-space': ['full'],
      'timed-out': ['slow'],
      'host-key': ['strange'],
    })
    const after = ends.filter(({ task }) => !task.includes('@')).map(({ task, status }) => [task, status])
    expect(Object.fromEntries(after)).toEqual({ 'by-count': 'ran', 'by-share': 'ran', never: 'blocked' })
  })

  test('the next run goes to the four only, and sums up which of them still fail, and why', async () => {
    await healSlow()
    const { exitCode, stdout } = await program(workspace.root, run('install'))
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Failed: 3 failed, 1 ran and 6 up to date')
    for (const line of ['cannot be reached: dead', 'no space left: full', 'host key not trusted: strange'])
      expect(stdout).toContain(`\n  ${line}\n`)
  })

  test('once they are well again, a run goes to those that are left', async () => {
    await healOthers()
    const { exitCode, having } = await runJson(workspace.root, run('install'))
    expect(exitCode).toBe(0)
    expect(having('ran')).toEqual(on(['dead', 'full', 'strange'], 'install'))
    expect(having('up-to-date')).toEqual(on([...well, 'slow'], 'install'))
  })
})

const on = (hosts: readonly string[], task: string) => hosts.map((host) => `${task}@${host}`)

const clusterOf = ({ folder, addresses }: TestHosts<(typeof names)[number]>) => ({
  name: 'ten',
  user: 'jclouds',
  hosts: { hosts: Object.entries(addresses).map(([name, address]) => ({ name, address })) },
  ssh: { identity: join(folder, 'client'), knownHosts: join(folder, 'known_hosts') },
})

/** Of a host we know another key than the one it has. Gives what makes us know the right one. */
async function changeKey(folder: string, address: string): Promise<() => Promise<void>> {
  const file = join(folder, 'known_hosts')
  const right = await readFile(file, 'utf8')
  const [, , another] = right.split(/\s+/)
  const wrong = right.replace(new RegExp(`^${address} .*$`, 'm'), `${address} ssh-ed25519 ${another}`)
  await writeFile(file, wrong)
  return () => writeFile(file, right)
}
