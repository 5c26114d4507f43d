import { describe, expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import {
  buildPackages,
  javaHome,
  masterPackages,
  platforms,
  slavePackages,
} from '../../tasks/known/platforms.ts'

const config = (platform: string, aurora = {}) =>
  configSchema.parse({ mesos: { platform }, aurora: { sha256: 'a'.repeat(64), ...aurora } })

it('Debian 7, 8, 11 and 12 and Ubuntu 14.04 are known', () => {
  expect(Object.keys(platforms).sort()).toEqual([
    'debian-11',
    'debian-12',
    'debian-7',
    'debian-8',
    'ubuntu-14.04',
  ])
})

describe.each(Object.entries(platforms))('%s', (name, platform) => {
  const all = [buildPackages(platform), slavePackages(platform), masterPackages(config(name))].flat()

  it('has nothing of libunwind, which every slave would then need', () => {
    expect(all.filter((one) => one.includes('unwind'))).toEqual([])
  })

  it('gets every shared library on slaves whose headers the eggs are built with', () => {
    const built = buildPackages(platform).filter((one) => /-dev$/.test(one) && one.startsWith('lib'))
    for (const header of built) {
      const library = header.replace(/(\d-|4-openssl-)dev$/, '')
      expect(
        slavePackages(platform).some((one) => one.startsWith(library)),
        header,
      ).toBe(true)
    }
  })
})

it.each(['debian-11', 'debian-12'])('on %s, flags make Mesos bearable for newer compilers', (name) => {
  expect(platforms[name]!.flags.CXXFLAGS).toBe('-O2 -std=gnu++11 -fpermissive -w')
})

it.each(['debian-7', 'debian-8', 'ubuntu-14.04'])('on %s, compilers need no flags', (name) => {
  expect(platforms[name]!.flags).toEqual({})
})

it('archived releases name the archive of their packages', () => {
  expect(platforms['debian-7']!.aptSources?.join('\n')).toMatch(
    /archive.* wheezy main\n.* wheezy\/updates main$/,
  )
  expect(platforms['debian-11']!.aptSources).toBeUndefined()
})

it('the master gets all that Aurora itself installs to be built', () => {
  const upstream = ['curl', 'git', 'libcurl4-openssl-dev', 'libsasl2-dev', 'openjdk-7-jdk', 'python-dev']
  const besides = ['build-essential', 'bison', 'flex', 'unzip', 'zip', 'zlib1g-dev', 'patch']
  for (const name of ['debian-7', 'debian-8', 'ubuntu-14.04'])
    expect(masterPackages(config(name))).toEqual(expect.arrayContaining([...upstream, ...besides]))
})

it('the JDK is of the release that builds this Aurora', () => {
  const eight = configSchema.parse({
    mesos: { version: '0.22.0', source: 'mesos.tar.gz', sha256: 'a'.repeat(64) },
    aurora: { version: '0.9.0', source: 'aurora.tar.gz', sha256: 'a'.repeat(64) },
  })
  expect(javaHome(eight)).toBe('/usr/lib/jvm/java-8-openjdk-amd64')
  expect(masterPackages(eight).join(' ')).not.toContain('jdk')
  expect(masterPackages(config('debian-7'))).toContain('openjdk-7-jdk')
})

it('JAVA_HOME is of the architecture', () => {
  expect(javaHome(config('debian-7'))).toBe('/usr/lib/jvm/java-7-openjdk-amd64')
  expect(javaHome(config('debian-7-aarch64'))).toBe('/usr/lib/jvm/java-7-openjdk-arm64')
  expect(javaHome(config('debian-7', { javaHome: '/opt/jdk7' }))).toBe('/opt/jdk7')
})
