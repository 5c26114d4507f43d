import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runJson } from '../end-to-end/program.ts'
import { copyWorkspace, type WorkspaceCopy } from '../end-to-end/workspace-copy.ts'

/** The whole program in a workspace of its own; what would come from outside lies in files. */

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let place: WorkspaceCopy
beforeAll(async () => {
  place = await copyWorkspace()
  await mkdir(join(place.root, 'upstream'))
  for (const name of ['mesos', 'aurora', 'gradle', 'thrift']) await writeFile(at('upstream', name), name)
  await mkdir(at('downloads/python'), { recursive: true })
  await writeFile(at('downloads/python/six-1.8.0.tar.gz'), 'six')
  await writeFile(at('downloads/python/virtualenv-1.tar.gz'), 'virtualenv')
  await writeFile(at('pins.txt'), `six==1.8.0 --hash=sha256:${sha256('six')}\n`)
  await writeFile(at('virtualenv.txt'), `virtualenv==1 --hash=sha256:${sha256('virtualenv')}\n`)
  await writeFile(at('cluster.yml'), JSON.stringify(cluster()))
})
afterAll(() => place.remove())

const at = (...path: string[]) => join(place.root, ...path)
const release = (name: string) => ({ source: `upstream/${name}`, sha256: sha256(name) })
const cluster = () => ({
  name: 'offline',
  hosts: { master: '192.0.2.1', slaves: ['192.0.2.2'] },
  mesos: release('mesos'),
  aurora: { ...release('aurora'), gradle: release('gradle') },
  downloads: {
    thrift: release('thrift'),
    pythonPackages: { virtualenv: 'virtualenv.txt', pants: 'pins.txt', aurora: 'pins.txt' },
    pythonIndex: 'http://127.0.0.1:1/simple',
  },
})

test('one command fills a folder with all that comes from outside, and lists its digests', async () => {
  const story = await runJson(place.root, ['run', 'fill-downloads'])
  expect(story.exitCode, story.stderr).toBe(0)
  expect((await readdir(at('downloads'))).sort()).toEqual([
    'SHA256SUMS',
    'apache-aurora-0.7.0-incubating.tar.gz',
    'apache-thrift-0.9.1.tar.gz',
    'gradle-2.2-bin.zip',
    'mesos-0.20.1.tar.gz',
    'python',
  ])
  expect(await readFile(at('downloads/SHA256SUMS'), 'utf8')).toContain(
    `${sha256('six')}  python/six-1.8.0.tar.gz\n`,
  )
})

test('a Gradle of which no digest is known keeps nobody from anything, and is named as missing', async () => {
  const { aurora, mesos, ...rest } = cluster()
  const later = {
    ...rest,
    mesos: { ...mesos, version: '0.22.0' },
    aurora: { ...aurora, version: '0.8.0', gradle: {} },
  }
  await writeFile(at('later.yml'), JSON.stringify(later))
  const story = await runJson(place.root, ['run', 'fill-downloads', '--cluster', 'later.yml'])
  expect(story.exitCode, story.stderr).toBe(0)
  expect(story.stderr).toContain('Gradle 2.4 is not among them, since no digest of it is known')
  expect(await readFile(at('downloads/SHA256SUMS'), 'utf8')).not.toContain('gradle')
})

test('what cannot be had is named, and all else is there', async () => {
  const { aurora, ...rest } = cluster()
  const missing = { ...aurora, source: 'http://127.0.0.1:1/aurora.tar.gz', sha256: sha256('newer') }
  await writeFile(at('other.yml'), JSON.stringify({ ...rest, aurora: missing }))
  const story = await runJson(place.root, ['run', 'fill-downloads', '--cluster', 'other.yml'])
  expect(story.exitCode).toBe(1)
  expect(story.ends[0]?.failure).toMatchObject({ kind: 'verification', expected: sha256('newer') })
  expect(story.stdout).toContain('apache-aurora-0.7.0-incubating.tar.gz is missing')
  expect(await readFile(at('downloads/SHA256SUMS'), 'utf8')).toContain('gradle-2.2-bin.zip')
})
