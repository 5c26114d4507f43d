import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readClusterFile } from '../../../lib/hosts/cluster/cluster-file.ts'
import { Workspace } from '../../rig/workspace.ts'

const tasks = (more = '') => `
  import { main, task } from 'ENGINE'
  const module = import.meta.url
  const build = task({ module, name: 'build', description: 'Build', async run({ log }) { log('built') } })
  const spread = task({ module, name: 'spread', description: 'Spread', on: 'slaves', needs: [build],
    async run({ host, log }) { log(await host.exec(['echo', 'spread'])) } })
  await main({ tasks: [spread], roles: { master: 'one', slaves: 'many' }, ${more} })
`

const sandbox = `sandbox: { hosts: { master: 1, slaves: 2 }, ports: [], standIns: import.meta.dirname, config: () => ({}),
  furnish: async () => {}, services: () => [] },
  links: () => [{ task: 'spread', label: 'Map', url: 'http://localhost:1' }]`

const workspace = (more?: string) => new Workspace({ 'tasks/index.ts': tasks(more) })

const hosts = async (it: Workspace, ...args: string[]) => {
  const { exitCode, stdout, stderr } = await it.run('graph', '--instances', '--format', 'json', ...args)
  const names = exitCode === 0 ? JSON.parse(stdout).tasks.map(({ name }: { name: string }) => name) : []
  return { exitCode, names, stderr }
}

test('hosts are named on the command line', async () => {
  expect(await hosts(workspace(), '--master', '203.0.113.1', '--slaves', '203.0.113.2,203.0.113.3')).toEqual({
    exitCode: 0,
    names: ['build', 'spread@slave-1', 'spread@slave-2'],
    stderr: '',
  })
})

test('cluster.yml at the root is taken when it is there, and --cluster names another', async () => {
  const it = workspace()
  it.write('cluster.yml', 'hosts: { master: 203.0.113.1, slaves: [203.0.113.2] }\n')
  it.write('other.yml', 'hosts: { master: 203.0.113.1, slaves: [{ address: 203.0.113.2, name: big }] }\n')
  expect((await hosts(it)).names).toEqual(['build', 'spread@slave-1'])
  expect((await hosts(it, '--cluster', join(it.root, 'other.yml'))).names).toEqual(['build', 'spread@big'])
})

test('hosts on the command line come before cluster.yml, and contradict --cluster', async () => {
  const it = workspace()
  it.write('cluster.yml', 'hosts: { master: 203.0.113.1, slaves: [203.0.113.2] }\n')
  const given = ['--master', '203.0.113.1', '--slaves', '203.0.113.2,203.0.113.3']
  expect((await hosts(it, ...given)).names).toHaveLength(3)
  const both = await hosts(it, '--cluster', 'cluster.yml', ...given)
  expect(both.exitCode).toBe(2)
  expect(both.stderr).toContain('`--master` names hosts, but `--cluster` names a file')
})

test('beside hosts on the command line, the rest of cluster.yml counts', async () => {
  const it = workspace()
  it.write('cluster.yml', 'hosts: { master: 203.0.113.1, slaves: [203.0.113.2] }\nssh: { identty: key }\n')
  const { exitCode, stderr } = await hosts(
    it,
    '--master',
    '203.0.113.1',
    '--slaves',
    '203.0.113.2,203.0.113.3',
  )
  expect(exitCode).toBe(2)
  expect(stderr).toContain('`ssh.identty`: is not known. Did you mean `identity`?')
})

test('a mistake in the cluster file is told with its file, line and the nearest name', async () => {
  const it = workspace()
  it.write('cluster.yml', 'name: c\nhosts:\n  mastr: 203.0.113.1\n  slaves: [203.0.113.2]\n')
  const { exitCode, stdout, stderr } = await it.run('run', 'spread', '--log-format', 'json')
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('cluster.yml cannot be used:\n')
  expect(stderr).toMatch(/line 3, `hosts.mastr`: .*Did you mean `master`\?/)
})

test('without any cluster, tasks on hosts are refused, and tasks that stay here run', async () => {
  const it = workspace()
  const { exitCode, stderr } = await it.run('run', 'spread')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('These tasks run on a cluster, and none is given.')
  expect(stderr).toContain('--master HOST --slaves HOST')
  expect(await it.run('run', 'build')).toMatchObject({ exitCode: 0, stderr: '' })
})

test('a configuration without a cluster has its defaults, where all tasks stay here', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { z } from '${import.meta.resolve('zod')}'
      import { main, task } from 'ENGINE'
      const say = task({ module: import.meta.url, name: 'say', description: 'Say', async run({ config, log }) { log(config.word) } })
      await main({ tasks: [say], config: z.object({ word: z.string().default('hello') }) })`,
  })
  expect((await it.run('run', 'say')).stdout).toContain('say │ hello\n')
})

test.each([
  ['what it returns is the schema', "z.object({ word: z.string().default('hello') })", 'say │ hello\n', ''],
  ['anything else is refused', '{}', '', '`config` is a function, and what it returns must be a zod schema'],
])('where the configuration is loaded by a function, %s', async (_, returned, printed, complaint) => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { z } from '${import.meta.resolve('zod')}'
      import { main, task } from 'ENGINE'
      const say = task({ module: import.meta.url, name: 'say', description: 'Say', async run({ config, log }) { log(config.word) } })
      await main({ tasks: [say], config: async () => (${returned}) })`,
  })
  const { stdout, stderr } = await it.run('run', 'say')
  expect(stdout).toContain(printed)
  expect(stderr).toContain(complaint)
})

test('--user without hosts on the command line is refused', async () => {
  const { exitCode, stderr } = await workspace(sandbox).run('run', 'spread', '--user', 'root')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('`--user` belongs to hosts that are named on the command line')
})

test('without a cluster the sandbox is taken, and it is said; a look makes nothing', async () => {
  const it = workspace(sandbox)
  const { exitCode, stdout, stderr } = await it.run('run', 'spread', '--dry-run')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('3 would run')
  expect(stderr).toMatch(/^No cluster file: this is the sandbox/)
  expect(existsSync(join(it.root, '.cache'))).toBe(false)
})

test('the deep check of a sandbox that does not exist yet says so, and makes none', async () => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const check = task({ module: import.meta.url, name: 'check', description: 'Check', on: 'slaves', always: true,
        async run({ host }) { await host.exec(['true']) } })
      await main({ tasks: [check], deepCheck: check, roles: { master: 'one', slaves: 'many' }, lease: 'master', ${sandbox} })`,
  })
  const { exitCode, stderr } = await it.run('status', '--deep')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('`check@slave-1` failed: master of the sandbox does not exist yet.')
  expect(existsSync(join(it.root, '.cache', 'sandbox'))).toBe(false)
})

test('tasks that stay here make no sandbox', async () => {
  const it = workspace(sandbox)
  expect(await it.run('run', 'build')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(existsSync(join(it.root, '.cache', 'sandbox'))).toBe(false)
})

test('the sandbox runs tasks over SSH, shows where to look, is shown, and ends', async () => {
  const it = workspace(sandbox)
  const run = await it.run('run', 'spread')
  expect(run).toMatchObject({ exitCode: 0 })
  expect(run.stdout).toContain('spread@slave-2 │ spread\n')
  expect(run.stdout).toContain('Map  http://localhost:1\n')
  expect((await it.run('run', 'spread')).stdout).toContain('Nothing to do: 3 up to date')
  expect((await it.run('status')).stdout).toContain('Everything stands.')
  expect((await it.run('sandbox', 'up')).stdout).toBe('The sandbox stands: 3 hosts in .cache/sandbox.\n')
  expect((await it.run('sandbox', 'status')).stdout).toContain('slave-2  nothing runs\n')
  expect((await it.run('sandbox', 'down', '--remove')).stdout).toContain('Its hosts are deleted.\n')
  expect((await it.run('sandbox', 'status')).stdout).toContain('There is no sandbox yet.')
})

test.each([
  [[], 'is not one of sandbox up, sandbox down, sandbox status.'],
  [['dwon'], 'Did you mean `down`?'],
  [['up', '--remove'], '`--remove` belongs to `sandbox down`.'],
])('sandbox %j is refused', async (words, text) => {
  const { exitCode, stderr } = await workspace(sandbox).run('sandbox', ...words)
  expect(exitCode).toBe(2)
  expect(stderr).toContain(text)
})

test('init writes the hosts that were given, as a file that can be read', async () => {
  const it = workspace()
  const { exitCode, stdout } = await it.run(
    'init',
    ...['--master', 'admin@203.0.113.1:2222', '--slaves', '203.0.113.2,node-b', '--user', 'jclouds'],
  )
  expect(exitCode).toBe(0)
  expect(stdout).toContain('Wrote cluster.yml.')
  const roles = { master: 'one', slaves: 'many' } as const
  const { hosts } = await readClusterFile(join(it.root, 'cluster.yml'), { roles })
  expect(hosts.master).toMatchObject([{ address: '203.0.113.1', port: 2222, user: 'admin' }])
  expect(hosts.slaves).toMatchObject([
    { address: '203.0.113.2', user: 'jclouds' },
    { address: 'node-b', user: 'jclouds' },
  ])
})

test('init writes a commented template when nothing is known, and never over a file', async () => {
  const it = workspace()
  expect((await it.run('init')).exitCode).toBe(0)
  const written = it.read('cluster.yml')
  expect(written).toContain('# slaves: [203.0.113.11, 203.0.113.12]')
  const again = await it.run('init', '--master', 'other')
  expect(again.exitCode).toBe(2)
  expect(again.stderr).toContain('exists already')
  expect(it.read('cluster.yml')).toBe(written)
})
