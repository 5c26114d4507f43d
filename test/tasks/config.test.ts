import { describe, expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'

const sha256 = 'a'.repeat(64)
const least = { aurora: { sha256 } }

/** `path: message` of everything that is wrong. */
function problems(config: unknown): string[] {
  const { error } = configSchema.safeParse(config)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

it('has a default for everything but the digest of Aurora', () => {
  const { mesos, aurora, observer } = configSchema.parse(least)
  expect(mesos).toMatchObject({ version: '0.20.1', platform: 'debian-7', builder: 'docker' })
  expect(aurora).toMatchObject({ version: '0.7.0-incubating', home: '/usr/local/aurora', httpPort: 8081 })
  expect(observer).toEqual({ port: 1338 })
})

it('says why the digest of Aurora must be given, and what to do', () => {
  expect(problems({})).toEqual([
    expect.stringMatching(
      /^aurora\.sha256: is missing: the SHA-256 of apache-aurora-0\.7\.0-incubating\.tar\.gz: .*write its digest$/,
    ),
  ])
})

it('takes a SHA-1 where there is nothing stronger', () => {
  expect(problems({ aurora: { sha1: 'b'.repeat(40) } })).toEqual([])
})

it('wants source and digest of a Mesos that it does not know', () => {
  expect(problems({ ...least, mesos: { version: '0.22.0' } }).slice(0, 2)).toEqual([
    'mesos.source: is missing: an address or path of mesos-0.22.0.tar.gz',
    'mesos.sha256: is missing: the SHA-256 of mesos-0.22.0.tar.gz',
  ])
})

it('wants no source of Mesos when eggs are given', () => {
  const mesos = { version: '0.22.0', eggs: './my-eggs' }
  expect(problems({ ...least, mesos }).filter((problem) => problem.includes('source'))).toEqual([])
})

it('wants the Mesos that goes with the Aurora, which some other release does not', () => {
  expect(problems({ ...least, mesos: { version: '0.22.0', eggs: './my-eggs' } })).toEqual([
    'mesos.version: is 0.22.0, but Aurora 0.7.0-incubating runs with 0.20.1 only',
  ])
})

it('wants the digest of an Aurora, unless it is known', () => {
  const mesos = { version: '0.22.0', eggs: './my-eggs' }
  const downloads = { thrift: { sha256 } }
  expect(
    problems({ mesos: { ...mesos, version: '1.6.1' }, aurora: { version: '0.22.0' }, downloads }),
  ).toEqual([])
  expect(problems({ mesos, aurora: { version: '0.8.0', sha256 } })).toEqual([])
  expect(problems({ mesos, aurora: { version: '0.8.0' } })).toEqual([
    expect.stringMatching(/^aurora\.sha256: is missing: the SHA-256 of apache-aurora-0\.8\.0\.tar\.gz/),
  ])
})

it('wants the digest of a Gradle that is given, unless it is known', () => {
  const newer = { version: '0.8.0', source: './aurora.tar.gz', sha256, gradle: { source: './gradle.zip' } }
  expect(problems({ mesos: { version: '0.22.0', source: './mesos.tar.gz', sha256 }, aurora: newer })).toEqual(
    ['aurora.gradle.sha256: is missing: the SHA-256 of gradle-2.4-bin.zip'],
  )
  expect(problems({ aurora: { sha256, gradle: { source: './gradle.zip' } } })).toEqual([])
})

it('wants the Thrift that builds the Aurora, and its digest where that is not known', () => {
  expect(problems({ ...least, downloads: { thrift: { version: '0.10.0' } } })).toEqual([
    'downloads.thrift.version: is 0.10.0, but Aurora 0.7.0-incubating builds with 0.9.1 only',
  ])
  expect(problems({ mesos: { version: '1.6.1', eggs: './my-eggs' }, aurora: { version: '0.22.0' } })).toEqual(
    ['downloads.thrift.sha256: is missing: the SHA-256 of thrift-0.10.0.tar.gz'],
  )
})

it('wants the digest of the archive of Maven artefacts', () => {
  expect(problems({ ...least, downloads: { maven: { source: './m2.tar.gz' } } })).toEqual([
    'downloads.maven.sha256: is missing: the SHA-256 of that archive',
  ])
})

it('says where a flag is set that has a field of its own, and that a quorum is not to be set', () => {
  expect(problems({ aurora: { sha256, flags: { http_port: '80', native_log_quorum_size: '2' } } })).toEqual([
    'aurora.flags.http_port: is not set here: say it as `aurora.httpPort`',
    expect.stringContaining('any other value corrupts the log'),
  ])
})

describe.each([
  ['an unknown field', { ...least, mesoss: {} }],
  ['an unknown field of a part', { aurora: { sha256, clustername: 'x' } }],
  ['a digest that is none', { aurora: { sha256: 'abc' } }],
  ['a port that is none', { aurora: { sha256, httpPort: 70_000 } }],
  ['a home that is not absolute', { aurora: { sha256, home: 'aurora' } }],
  ['a home with a space', { aurora: { sha256, home: '/usr/local/my aurora' } }],
  ['eggs outside of the workspace', { ...least, mesos: { eggs: '../eggs' } }],
  ['eggs at an absolute path', { ...least, mesos: { eggs: '/eggs' } }],
  ['an unknown builder', { ...least, mesos: { builder: 'cloud' } }],
  ['a way to distribute that there is not', { ...least, distribute: { via: 'slave-1' } }],
  ['a port of an observer that is none', { ...least, observer: { port: { 'slave-1': 0 } } }],
  ['a version that would be another path', { aurora: { sha256, version: '../1', source: 'a' } }],
])('%s', (_what, config) => {
  it('is refused', () => expect(problems(config)).toHaveLength(1))
})
