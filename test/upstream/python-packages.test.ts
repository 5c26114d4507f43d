import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import { type PackageSet, pinned } from '../../tasks/downloads/python-packages.ts'
import { masterPackages } from '../../tasks/known/platforms.ts'
import { runJson } from '../end-to-end/program.ts'
import { copyWorkspace, type WorkspaceCopy } from '../end-to-end/workspace-copy.ts'
import { removeLeftovers } from '../rig/cluster/leftovers.ts'
import { docker } from '../rig/docker.ts'
import { containerOf, imageWith } from './container.ts'

/** The real packages, from the real index, in a Debian 11 that has what a master has, and no network. */

const config = configSchema.parse({ mesos: { platform: 'debian-11' }, aurora: { sha256: 'a'.repeat(64) } })

let place: WorkspaceCopy
let image: string
beforeAll(async () => {
  await removeLeftovers()
  image = await imageWith('master', masterPackages(config))
  place = await copyWorkspace()
  const release = join(place.root, 'release.tar.gz')
  await writeFile(release, 'what this test is not about')
  const other = {
    source: release,
    sha256: createHash('sha256').update('what this test is not about').digest('hex'),
  }
  const cluster = {
    name: 'upstream',
    hosts: { master: '192.0.2.1', slaves: ['192.0.2.2'] },
    mesos: other,
    aurora: { ...other, gradle: other },
    downloads: { thrift: other },
  }
  await writeFile(join(place.root, 'cluster.yml'), JSON.stringify(cluster))
})
afterAll(async () => {
  await docker('image', 'rm', '--force', image)
  await place.remove()
})

test('the folder is filled from the Python index', async () => {
  const story = await runJson(place.root, ['run', 'fill-downloads'])
  expect(story.exitCode, story.stderr).toBe(0)
  const sums = await readFile(join(place.root, 'downloads/SHA256SUMS'), 'utf8')
  for (const { file, sha256 } of pinned(config, 'pants'))
    expect(sums).toContain(`${sha256}  python/${file}\n`)
})

test('pants 0.0.27 sets itself up from it, and lists its goals', async () => {
  const said = await withoutNetwork(`
    ${environmentOf('pants')}
    mkdir /repository && cd /repository && touch pants.ini
    /environment/bin/pants --version
    /environment/bin/pants goals
  `)
  expect(said).toMatch(/^0\.0\.27$/m)
  expect(said).toMatch(/^ *binary:/m)
})

test('whatever pants builds pexes from can be built from it', async () => {
  const said = await withoutNetwork(environmentOf('aurora'))
  expect(said).toContain('Successfully installed')
})

/** As Aurora's own `build-support/virtualenv` and `pants` go about it, with the pip of that time. */
function environmentOf(set: PackageSet): string {
  const wanted = pinned(config, set).filter(({ name }) => !['setuptools', 'wheel'].includes(name))
  return `
    cd /downloads && sha256sum --quiet --check SHA256SUMS
    tar -xzf python/virtualenv-1.11.6.tar.gz -C /opt
    python2.7 /opt/virtualenv-1.11.6/virtualenv.py /environment
    /environment/bin/pip install --no-index --find-links file:///downloads/python \\
      ${wanted.map(({ name, version }) => `${name}==${version}`).join(' ')}
  `
}

async function withoutNetwork(script: string): Promise<string> {
  const container = await containerOf(image)
  try {
    await container.put(join(place.root, 'downloads'), '/downloads')
    return await container.run(script)
  } finally {
    await container.remove()
  }
}
