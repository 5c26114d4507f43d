import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { EngineRig } from '../../rig/engine.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { Workspace } from '../../rig/workspace.ts'

let sshd: Sshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd?.stop())

/** Two hosts behind one server, each with a root of its own. */
async function twoHosts(name: string) {
  const hosts = ['one', 'two'].map((host) => ({
    ...sshd.host,
    name: host,
    root: join(sshd.folder, `${name}-${host}`),
  }))
  for (const { root } of hosts) await mkdir(root)
  return hosts
}

const commands = () => sshd.commands().filter((line) => line.includes('command')).length

it('a look at many tasks on some hosts, that read facts here and there, takes one command on each', async () => {
  const hosts = await twoHosts('look')
  const rig = new EngineRig()
  const fleet = openFleet({ ...sshd.cluster, hosts: { hosts } })
  onTestFinished(() => fleet.close())
  rig.fleet = fleet
  let last = rig.task({ name: 'task-0', on: 'hosts', run: async () => {} })
  for (const number of [1, 2, 3, 4, 5])
    last = rig.task({
      name: `task-${number}`,
      on: 'hosts',
      needs: [last],
      inputs: { facts: { own: { command: `echo ${number}` }, zone: { role: 'hosts', file: '/etc/zone' } } },
      run: async () => {},
    })
  rig.task({
    name: 'home',
    needs: [last],
    inputs: { facts: { kind: { role: 'hosts', command: 'uname' } } },
    run: async () => {},
  })
  await rig.run(['home'])
  const before = commands()
  const looked = await rig.look(['home'])
  expect(Object.values(looked).map(({ status }) => status)).toEqual(Array(13).fill('up-to-date'))
  expect(commands() - before).toBe(hosts.length)
})

it('a job that outlives the run that started it is told to be running', async () => {
  const it = new Workspace({
    'remote-scripts/wait.sh':
      'echo waiting\nwhile [ -d "$ROOT/etc" ] && [ ! -e "$ROOT/go" ]; do sleep 0.1; done\n',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const build = task({ module: import.meta.url, name: 'build', description: 'Build', on: 'master',
        inputs: { files: ['remote-scripts/wait.sh'] }, async run({ host }) { await host.script('wait.sh') } })
      const sandbox = { hosts: { master: 1 }, ports: [], standIns: import.meta.dirname, config: () => ({}),
        furnish: async () => {}, services: () => [] }
      await main({ tasks: [build], roles: { master: 'one' }, sandbox })
    `,
  })
  const { child, printed, ended } = it.start(['run', 'build'])
  await printed('build@master │ waiting')
  child.kill('SIGKILL')
  await ended
  const { exitCode, stdout } = await it.run('status')
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^build +running$/m)
  expect(stdout).toContain('build@master is running: a job of an earlier run')
  expect(JSON.parse((await it.run('status', '--format', 'json')).stdout)).toMatchObject([
    { task: 'build@master', status: 'ran', running: true },
  ])
})
