import { expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import { stagedSources } from '../../tasks/downloads/staged-sources.ts'
import { auroraReleases } from '../../tasks/known/aurora-releases.ts'

const sha256 = 'a'.repeat(64)

/** What is staged with this in the cluster file, by its path below the folder of sources. */
function staged(
  aurora: { version?: string; source?: string; gradle?: object } = {},
  downloads = {},
): string[] {
  const mesos = { version: auroraReleases[aurora.version ?? '0.7.0-incubating']!.mesos, eggs: 'eggs' }
  const config = configSchema.parse({ mesos, aurora: { sha256, ...aurora }, downloads })
  return stagedSources(config).map(({ folder, name }) => `${folder}/${name}`.replace(/^.*\/sources\//, ''))
}

it('brings the master all that its builds would download, where they look for it', () => {
  expect(staged()).toEqual(
    expect.arrayContaining([
      'apache-aurora-0.7.0-incubating.tar.gz',
      'gradle-2.2-bin.zip',
      'thrift-0.9.1.tar.gz',
      'virtualenv-1.11.6.tar.gz',
      'python/pantsbuild.pants-0.0.27.tar.gz',
      'python/thrift-0.9.1.tar.gz',
      'python/setuptools-2.2.zip',
    ]),
  )
})

it('brings it each file once, each by a name of its own', () => {
  expect(new Set(staged()).size).toBe(staged().length)
  const config = configSchema.parse({ aurora: { sha256 } })
  const names = stagedSources(config).map(({ download }) => download.name)
  expect(new Set(names).size).toBe(names.length)
})

it('brings nothing but what the cluster file gives where the master reaches the network', () => {
  const gradle = { source: './gradle.zip' }
  const maven = { source: './maven.tar.gz', sha256 }
  expect(staged({ gradle }, { ship: false, maven })).toEqual([
    'apache-aurora-0.7.0-incubating.tar.gz',
    'gradle-2.2-bin.zip',
    'maven-repository.tar.gz',
  ])
  expect(staged({}, { ship: false })).toEqual(['apache-aurora-0.7.0-incubating.tar.gz'])
})

it('brings it a Gradle whose digest only the cluster file knows', () => {
  const aurora = { version: '0.8.0', gradle: { sha256 } }
  expect(staged(aurora)).toContain('gradle-2.4-bin.zip')
})

it('brings no Python packages that are pinned for another release', () => {
  const other = { version: '0.8.0', source: './aurora.tar.gz' }
  expect(staged(other)).toEqual(['apache-aurora-0.8.0.tar.gz', 'thrift-0.9.1.tar.gz'])
  expect(staged(other, { pythonPackages: { pants: 'tasks/downloads/python-packages/pants.txt' } })).toContain(
    'python/pantsbuild.pants-0.0.27.tar.gz',
  )
})
