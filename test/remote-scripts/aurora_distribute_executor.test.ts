import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'

const executors = '/var/lib/aurora-mesosphere/executors'
const archive = '/incoming/executor.tar.gz'
const name = 'thermos_executor.pex'

let host: HostFolder
beforeEach(() => (host = new HostFolder()) && undefined)
afterEach(() => host.remove())

/** Brings an archive with this content to the slave, as `package-executor` makes it. */
async function bring(content: string) {
  host.write(`/aurora/dist/${name}`, content)
  await host.run('aurora_package_executor.sh', {
    env: { AURORA_HOME: '/aurora', PACKAGE: archive },
    args: [name],
  })
}

const install = () =>
  host.run('aurora_distribute_executor.sh', { env: { PACKAGE: archive, EXECUTORS: executors } })

async function distribute(content: string) {
  await bring(content)
  return install()
}

const current = () => readlinkSync(host.path(`${executors}/current`))
const releases = () => readdirSync(host.path(`${executors}/releases`))

it('installs the archive as a release and switches to it', async () => {
  const ran = await distribute('first')
  expect(ran.exitCode).toBe(0)
  expect(ran.changes).toEqual([
    expect.stringMatching(/^release [0-9a-f]{64} installed$/),
    expect.stringMatching(/^current release is [0-9a-f]{64}$/),
  ])
  expect(host.read(`${executors}/current/${name}`)).toBe('first')
  expect(host.mode(`${executors}/current/${name}`)).toBe(0o755)
})

it('has nothing to change the second time', async () => {
  await distribute('first')
  expect((await install()).changes).toEqual(['nothing to change'])
})

it('puts right what was damaged', async () => {
  await distribute('first')
  writeFileSync(host.path(`${executors}/current/${name}`), 'edited')
  const ran = await install()
  expect(ran.changes).toEqual([expect.stringMatching(/thermos_executor\.pex put right$/)])
  expect(host.read(`${executors}/current/${name}`)).toBe('first')
})

it('puts right what lost its exec bit', async () => {
  await distribute('first')
  chmodSync(host.path(`${executors}/current/${name}`), 0o644)
  await install()
  expect(host.mode(`${executors}/current/${name}`)).toBe(0o755)
})

it('installs again a release that was removed', async () => {
  await distribute('first')
  execFileSync('rm', ['-rf', host.path(`${executors}/releases`)])
  await install()
  expect(host.read(`${executors}/current/${name}`)).toBe('first')
})

it('keeps three releases, the present one and the one before among them', async () => {
  const digests: string[] = []
  for (const content of ['1', '2', '3', '4', '5']) {
    await distribute(content)
    digests.push(current().replace('releases/', ''))
  }
  expect(releases()).toEqual(digests.slice(2).sort())
})

it('counts the release that is gone back to as the newest', async () => {
  await distribute('old')
  const old = current()
  for (const content of ['2', '3', 'old', '4', '5']) await distribute(content)
  expect(releases()).toContain(old.replace('releases/', ''))
  expect(releases()).toHaveLength(3)
})

it('refuses a damaged archive and stays with the release that it has', async () => {
  await distribute('good')
  const before = current()
  for (const damage of ['one', 'two', 'three', 'four']) {
    host.write(archive, damage)
    expect((await install()).exitCode).not.toBe(0)
  }
  expect(current()).toBe(before)
  expect(host.read(`${executors}/current/${name}`)).toBe('good')
})

it('refuses an archive whose files are not what its digests say', async () => {
  host.write(`/made/${name}`, 'content')
  host.write('/made/SHA256SUMS', `${'0'.repeat(64)}  ${name}\n`)
  host.write(archive, '')
  execFileSync('tar', ['-czf', host.path(archive), '-C', host.path('/made'), 'SHA256SUMS', name])
  const ran = await install()
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toContain("thermos_executor.pex is not what the archive's SHA256SUMS says")
  expect(host.has(`${executors}/current`)).toBe(false)
})

it('replaces a link that leads nowhere', async () => {
  await distribute('first')
  execFileSync('ln', ['-sfn', 'releases/none', host.path(`${executors}/current`)])
  await install()
  expect(host.read(`${executors}/current/${name}`)).toBe('first')
})
