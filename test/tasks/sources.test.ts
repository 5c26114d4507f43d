import { expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import { auroraSource, gradleRelease, mesosSource, thriftRelease } from '../../tasks/downloads/sources.ts'
import { auroraReleases } from '../../tasks/known/aurora-releases.ts'

const sha256 = 'a'.repeat(64)
const configOf = (version: string, aurora = {}) =>
  configSchema.parse({
    mesos: { version: auroraReleases[version]!.mesos, eggs: 'eggs' },
    aurora: { version, ...aurora },
    downloads: { thrift: { sha256 } },
  })

it('all that Aurora 0.7.0 is made of lies where upstream keeps it', () => {
  const config = configOf('0.7.0-incubating', { sha256 })
  const all = [mesosSource, auroraSource, gradleRelease, thriftRelease].map((source) => source(config).url)
  expect(all).toEqual([
    'https://archive.apache.org/dist/mesos/0.20.1/mesos-0.20.1.tar.gz',
    'https://archive.apache.org/dist/incubator/aurora/0.7.0/apache-aurora-0.7.0-incubating.tar.gz',
    'https://services.gradle.org/distributions/gradle-2.2-bin.zip',
    'https://archive.apache.org/dist/thrift/0.9.1/thrift-0.9.1.tar.gz',
  ])
})

it('later releases of Aurora lie elsewhere: it was no longer in the incubator', () => {
  expect(auroraSource(configOf('0.8.0', { sha256 }))).toMatchObject({
    url: 'https://archive.apache.org/dist/aurora/0.8.0/apache-aurora-0.8.0.tar.gz',
    sha256,
  })
})

it('the last three are built by a later Thrift', () => {
  const versions = ['0.19.0', '0.20.0', '0.22.0']
  expect(versions.map((version) => thriftRelease(configOf(version, { sha256 })).name)).toEqual([
    'apache-thrift-0.9.1.tar.gz',
    'apache-thrift-0.10.0.tar.gz',
    'apache-thrift-0.10.0.tar.gz',
  ])
})

it('the last two are known by their digests', () => {
  expect(auroraSource(configOf('0.22.0'))).toMatchObject({ sha256: expect.stringMatching(/^d3c20a09/) })
})

it('the cluster file may name another place, mirrors and digest', () => {
  const given = { source: 'https://example.org/a.tar.gz', mirrors: ['https://example.net/a.tar.gz'], sha256 }
  const { url, mirrors, sha256: digest } = auroraSource(configOf('0.7.0-incubating', given))
  expect({ source: url, mirrors, sha256: digest }).toEqual(given)
})

it('what the cluster file gives as a file has no other place, unless it names mirrors', () => {
  const local = { source: '/srv/a.tar.gz', sha256 }
  expect(auroraSource(configOf('0.7.0-incubating', local))).toMatchObject({ file: '/srv/a.tar.gz' })
  const mirrored = auroraSource(
    configOf('0.7.0-incubating', { ...local, mirrors: ['https://example.net/a.tar.gz'] }),
  )
  expect(mirrored).toMatchObject({ url: '/srv/a.tar.gz', mirrors: ['https://example.net/a.tar.gz'] })
  expect(mirrored).not.toHaveProperty('file')
})
