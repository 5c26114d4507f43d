import { expect, it } from 'vitest'
import { platformOf } from '../../../lib/hosts/remote/platform.ts'

const linux = ['Linux', '6.1.0', 'x86_64']

it.each([
  ['Debian', ['ID=debian', 'VERSION_ID="12"'], 'debian-12-x86_64'],
  ['Ubuntu', ['NAME="Ubuntu"', "VERSION_ID='14.04'", 'ID=ubuntu'], 'ubuntu-14.04-x86_64'],
  ['a distribution without releases', ['ID=arch'], 'arch-x86_64'],
])('names %s', (_what, release, platform) => {
  expect(platformOf(release, linux)).toBe(platform)
})

it('names a system without /etc/os-release by its kernel', () => {
  expect(platformOf([], ['Darwin', '23.1.0', 'arm64'])).toBe('darwin-23.1.0-arm64')
})
