import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import { buildPackages, masterPackages, platforms, slavePackages } from '../../tasks/known/platforms.ts'
import { aptMirror } from '../rig/apt-mirror.ts'
import { baseImage, bullseyeImage } from '../rig/base-image.ts'
import { ownedByUs, removeLeftovers } from '../rig/cluster/leftovers.ts'
import { docker } from '../rig/docker.ts'

/** By apt from Debian's own mirror, of whose packages the other clusters of these tests have a few. */

const scripts = fileURLToPath(new URL('../../remote-scripts', import.meta.url))

const images = { 'debian-11': bullseyeImage, 'debian-12': baseImage }
describe.each(Object.entries(images))('on %s', (platform, imageOf) => {
  let host: string
  beforeAll(async () => {
    await removeLeftovers()
    const label = await ownedByUs()
    // As this machine's own apt goes.
    const way = Object.entries((await aptMirror()).env).flatMap(([name, value]) => [
      '--env',
      `${name}=${value}`,
    ])
    const options = ['--detach', '--init', '--network', 'host', ...way, ...label]
    host = await docker('run', ...options, await imageOf(), 'sleep', 'infinity')
    await docker('cp', scripts, `${host}:/scripts`)
    await docker('exec', host, 'apt-get', 'update')
  })
  afterAll(() => docker('rm', '--force', host))

  const install = (user: string, ...packages: string[]) =>
    docker('exec', '--user', user, host, 'bash', '/scripts/aurora_install_packages.sh', ...packages)

  if (platform === 'debian-12')
    test('a user with sudo installs what is missing, once', async () => {
      expect(await install('jclouds', 'sudo', 'zip', 'unzip')).toMatch(
        /^changed: packages installed: zip unzip$/m,
      )
      expect(await docker('exec', host, 'zip', '--version')).toContain('Zip 3')
      expect(await install('jclouds', 'sudo', 'zip', 'unzip')).toBe('nothing to change')
    })

  test('a package that there is not fails it', async () => {
    await expect(install('root', 'no-such-package')).rejects.toThrow(
      'Unable to locate package no-such-package',
    )
  })

  test('apt knows every package that builds and slaves need', async () => {
    const config = configSchema.parse({ mesos: { platform }, aurora: { sha256: 'a'.repeat(64) } })
    const needed = [masterPackages(config), slavePackages(platforms[platform]!)]
    // Eggs cannot be built where there is no Python 2.7 to build them with.
    if (platform !== 'debian-12') needed.push(buildPackages(platforms[platform]!))
    await docker('exec', host, 'apt-get', 'install', '--simulate', ...new Set(needed.flat()))
  })
})
