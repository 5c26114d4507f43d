import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { platforms } from '../../tasks/known/platforms.ts'
import { bullseyeImage } from '../rig/base-image.ts'
import { docker, dockerLines } from '../rig/docker.ts'
import { eggsLabel, removeEggCaches } from '../rig/eggs-in-docker.ts'
import { program, runJson } from './program.ts'
import { type ServedRelease, serveMesosRelease } from './served-release.ts'
import { expectOk } from './stories.ts'
import { copyWorkspace, type WorkspaceCopy } from './workspace-copy.ts'

/** A real Docker engine, real apt, a real compiler, a real Python 2.7. Each story takes up where the one before ended. */

const target = 'build-mesos-eggs-in-docker'
const patience = { timeout: 120_000, interval: 100 }

let place: WorkspaceCopy
let release: ServedRelease
let image: string
let label: string
beforeAll(async () => {
  image = `aurora-mesosphere-test:eggs-${process.pid}`
  // Of its own, so that no earlier build of the same packages is found.
  await commitAs(image, await bullseyeImage())
  release = await serveMesosRelease()
  place = await copyWorkspace()
  label = eggsLabel(place.root)
  const cluster = {
    name: 'eggs',
    hosts: { master: '192.0.2.1', slaves: ['192.0.2.2'] },
    mesos: { platform: 'debian-11', image, source: release.url, sha256: release.sha256 },
    aurora: { sha256: 'a'.repeat(64) },
  }
  await writeFile(join(place.root, 'cluster.yml'), JSON.stringify(cluster))
})
afterAll(async () => {
  await removeEggCaches(place.root)
  await docker('image', 'rm', '--force', image)
  release.close()
  await place.remove()
})

let built = false
beforeEach(({ skip, task }) => skip(!built && task.name.startsWith('afterwards'), 'nothing is built'))

const containers = (...more: string[]) =>
  dockerLines('ps', '--quiet', '--filter', `label=${label}`, '--filter', 'status=running', ...more)
const left = () => dockerLines('ps', '--all', '--quiet', '--filter', `label=${label}`)
const run = (...args: string[]) => runJson(place.root, ['run', target, ...args])

/** Makes another image of what an image holds; its id. */
async function commitAs(name: string, of: string): Promise<string> {
  const container = await docker('create', of, 'true')
  const id = await docker('commit', '--message', `${process.pid} ${Date.now()}`, container, name)
  await docker('rm', container)
  return id
}

/** Another cluster file, whose Mesos differs as said; its path. */
async function clusterWith(mesos: object): Promise<string> {
  const cluster = JSON.parse(await readFile(join(place.root, 'cluster.yml'), 'utf8'))
  const file = join(place.root, 'other.yml')
  await writeFile(file, JSON.stringify({ ...cluster, mesos: { ...cluster.mesos, ...mesos } }))
  return file
}

/** Starts a run, and ends it by a signal once its container prepares or builds. */
async function endedBy(signal: NodeJS.Signals, ...args: string[]): Promise<string> {
  const argv = ['--import', 'tsx', 'tasks/index.ts', 'run', target, ...args]
  const child = spawn(process.execPath, argv, { cwd: place.root, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text))
  await vi.waitUntil(() => said.includes('Get:'), patience)
  child.kill(signal)
  await once(child, 'exit')
  return said
}

test('the container of a run that is killed outlives it', async () => {
  await endedBy('SIGKILL')
  expect(await containers()).toHaveLength(1)
})

test('the next run removes that, and builds eggs that a clean container imports', async () => {
  const [orphan] = await left()
  const story = await run()
  expectOk(story)
  expect(story.having('ran')).toEqual([target])
  expect(await dockerLines('ps', '--all', '--quiet', '--filter', `id=${orphan}`)).toEqual([])
  expect(await left()).toEqual([])
  expect(story.stdout).toContain('these can be imported: mesos.interface, mesos.native')
  const eggs = join(place.root, 'dist/eggs')
  const native = 'mesos.native-0.20.1-py2.7-linux-x86_64.egg'
  expect((await readdir(eggs)).sort()).toEqual([
    'image.json',
    'mesos-0.20.1-py2.7.egg',
    'mesos.interface-0.20.1-py2.7.egg',
    native,
    'protobuf-2.5.0-py2.7.egg',
  ])
  const entries = await readFile(join(eggs, native), 'latin1')
  for (const entry of ['mesos/native/_mesos.so', 'EGG-INFO/PKG-INFO']) expect(entries).toContain(entry)
  built = true
})

test('afterwards there is nothing to do', async () => {
  const story = await run()
  expectOk(story)
  expect(story.having('up-to-date')).toEqual([target])
})

test('afterwards a build of the same source installs no package again, and compiles nothing again', async () => {
  await appendFile(join(place.root, 'remote-scripts/build_mesos_eggs.sh'), '# edited\n')
  const story = await run()
  expectOk(story)
  expect(story.having('ran')).toEqual([target])
  expect(story.stdout).not.toContain('Get:')
  expect(story.stdout).toMatch(/cache hit \(direct\) +[1-9]/)
  expect(story.stdout).toMatch(/cache miss +0/)
})

test('afterwards eggs that link what slaves do not have are refused, though they were built', async () => {
  const { flags } = platforms['debian-11']!
  const more = { ...flags, LDFLAGS: '-Wl,--no-as-needed -lpython2.7' }
  const story = await run('--cluster', await clusterWith({ flags: more }))
  expect(story.exitCode).toBe(1)
  expect(story.stdout).toContain('mesos.native-0.20.1-py2.7-linux-x86_64.egg built')
  expect(story.stdout).toContain('libpython2.7.so.1.0: cannot open shared object file')
  await expect(readdir(join(place.root, 'dist/eggs'))).resolves.toEqual([])
})

test('afterwards --no-cache installs the packages again; a run that is ended in order leaves no container', async () => {
  const said = await endedBy('SIGTERM', '--no-cache')
  expect(said).toContain('Get:')
  expect(await left()).toEqual([])
  expect(await dockerLines('volume', 'ls', '--quiet', '--filter', `label=${label}`)).toHaveLength(1)
})

test('afterwards an image that was replaced under the same name is a reason to build again', async () => {
  expectOk(await run())
  const id = await commitAs(image, image)
  const { stdout } = await program(place.root, ['why', target, '--format', 'json'])
  expect(JSON.parse(stdout)).toMatchObject([
    { task: target, reasons: [{ kind: 'probe-failed', detail: expect.stringContaining(id) }] },
  ])
})

test('an image of another platform is refused before anything is built in it', async () => {
  const story = await run('--cluster', await clusterWith({ platform: 'debian-8' }))
  expect(story.ends[0]?.failure).toMatchObject({
    kind: 'refused',
    problem: expect.stringMatching(/^The eggs are for debian-8, but .* is debian-11/),
  })
})

test('DOCKER_HOST says where Docker is', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock')
  const story = await run('--rebuild', target)
  vi.unstubAllEnvs()
  expect(story.ends[0]?.failure).toMatchObject({
    kind: 'refused',
    problem: expect.stringContaining('unix:///nowhere/docker.sock'),
  })
})
