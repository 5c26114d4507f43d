import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { baseImage } from '../rig/base-image.ts'
import { type Container, startContainer } from '../rig/cluster/container.ts'
import { makeKey } from '../rig/cluster/keys.ts'
import { removeLeftovers } from '../rig/cluster/leftovers.ts'
import { createNetwork, type Network } from '../rig/cluster/network.ts'
import { Workspace } from '../rig/workspace.ts'

/** With all that a shell, `read` and `printf` could trip over. */
const password = ` it's "p$a\\ss%d" `

let folder: string
let network: Network
let host: Container

beforeAll(async () => {
  await removeLeftovers()
  folder = mkdtempSync(join(tmpdir(), 'aurora-sudo-'))
  network = await createNetwork(basename(folder))
  const tree = join(folder, 'host')
  mkdirSync(tree)
  const place = { image: await baseImage(), network: network.name, address: network.address(1) }
  host = await startContainer(
    `${network.name}.host`,
    place,
    { tree, services: [] },
    await makeKey(join(folder, 'client')),
  )
  const asks = 'jclouds ALL=(ALL) ALL\nDefaults passwd_tries=1\n'
  await asRoot('printf %s "$1" >/etc/sudoers.d/jclouds', asks)
  await asRoot('printf %s "jclouds:$1" | chpasswd', password)
})
afterAll(async () => {
  await host?.remove()
  await network?.remove()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => asRoot('rm -rf /var/lib/aurora-mesosphere /opt/brought /opt/made'))

const asRoot = (script: string, ...args: string[]) => host.exec(['sh', '-euc', script, 'sh', ...args])

/** A task that needs root for all it does on the host, and shows its environment. */
function workspace({ file }: { file?: string } = {}): Workspace {
  const { address, hostKey } = host
  const work = new Workspace({
    known_hosts: `${address} ${hostKey}\n`,
    'cluster.yml': JSON.stringify({
      user: 'jclouds',
      hosts: { machine: address },
      ssh: {
        identity: join(folder, 'client'),
        knownHosts: 'known_hosts',
        ...(file !== undefined && { sudoPasswordFile: 'sudo-password' }),
      },
    }),
    'brought.txt': 'brought',
    'remote-scripts/make.sh': 'env; sudo -A sh -c "id -u >/opt/made"',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const install = task({
        module: import.meta.url,
        name: 'install',
        description: 'Does what takes root',
        on: 'machine',
        inputs: { files: ['brought.txt', 'remote-scripts/make.sh'] },
        outputs: { files: ['/opt/made'] },
        async run({ host, log }) {
          await host.upload(['brought.txt'], '/opt/brought')
          log(await host.exec(['sudo', '-A', 'id', '-u']))
          log(await host.exec(['env']))
          await host.script('make.sh')
        },
      })
      await main({ tasks: [install], roles: { machine: 'one' } })
    `,
  })
  if (file !== undefined) {
    work.write('sudo-password', `${file}\n`)
    chmodSync(join(work.root, 'sudo-password'), 0o600)
  }
  return work
}

const inTerminal = ['sh', '-c', 'exec script -qec "$*" /dev/null', 'sh']

const made = () => host.exec(['cat', '/opt/made', '/opt/brought/brought.txt'])

test('a password from a file lets uploads, commands and scripts become root, and is shown nowhere', async () => {
  const work = workspace({ file: password })
  const { exitCode, stdout, stderr } = await work.run('run', 'install', '--verbose')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(await made()).toBe('0\nbrought')
  expect(stdout).toContain('SUDO_PASSWORD= *** ')
  expect(stdout).not.toContain(password.trim())
  const shown = (readdirSync(join(work.root, '.cache'), { recursive: true }) as string[])
    .map((path) => join(work.root, '.cache', path))
    .filter((path) => statSync(path).isFile() && readFileSync(path, 'utf8').includes(password.trim()))
  expect(shown).toEqual([])
})

test('a password that is asked for is not echoed by the terminal', async () => {
  const { child, ended, printed } = workspace().start(['run', 'install', '--ask-sudo-password'], {
    under: inTerminal,
    input: true,
  })
  await printed('Password for sudo on the hosts: ')
  child.stdin!.write(`${password}\r`)
  const { exitCode, stdout } = await ended
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.not.stringContaining(password.trim()),
  })
  expect(await made()).toBe('0\nbrought')
})

test('a password that is asked for can come from another program', async () => {
  const { child, ended } = workspace().start(['run', 'install', '--ask-sudo-password'], { input: true })
  child.stdin!.end(`${password}\n`)
  expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await made()).toBe('0\nbrought')
})

test('Ctrl-C instead of a password ends the run, and nothing is done', async () => {
  const { child, ended, printed } = workspace().start(['run', 'install', '--ask-sudo-password'], {
    under: inTerminal,
    input: true,
  })
  await printed('Password for sudo on the hosts: ')
  child.stdin!.write('\x03')
  expect(await ended).toMatchObject({ exitCode: 130 })
})

test('the doctor says whether sudo takes the password', async () => {
  const rights = async (work: Workspace) => {
    const { stdout } = await work.run('doctor', '--format', 'json')
    return JSON.parse(stdout).find(({ check }: { check: string }) => check === 'sudo')
  }
  expect(await rights(workspace({ file: password }))).toMatchObject({
    state: 'ok',
    detail: '`jclouds` may use sudo with the password that was given',
  })
  expect(await rights(workspace({ file: 'wrong' }))).toMatchObject({ state: 'bad' })
})

describe('what is wrong is said, and nothing is changed:', () => {
  const cases: [string, { file?: string }, string][] = [
    ['no password where one is needed', {}, 'sudo there asks for a password'],
    ['a wrong password', { file: 'wrong' }, 'sudo there does not take the password that was given'],
  ]
  test.each(cases)('%s', async (_, given, problem) => {
    const { exitCode, stderr } = await workspace(given).run('run', 'install')
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(problem) })
    expect(await asRoot('ls /var/lib/aurora-mesosphere /opt/made 2>/dev/null || :')).toBe('')
  })

  test('a file that others can read', async () => {
    const work = workspace({ file: password })
    chmodSync(join(work.root, 'sudo-password'), 0o640)
    const { exitCode, stderr } = await work.run('run', 'install')
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`Others than you can use ${join(work.root, 'sudo-password')}`)
  })
})
