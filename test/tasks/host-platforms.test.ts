import { describe, expect, it } from 'vitest'
import { Failed } from '../../lib/index.ts'
import { configSchema } from '../../tasks/config.ts'
import { distribute } from '../../tasks/distribute.ts'
import { checkPlatforms } from '../../tasks/eggs/host-platforms.ts'
import { readSlaveRoot } from '../../tasks/hosts/slave-root.ts'

const config = (mesos = {}) => configSchema.parse({ mesos, aurora: { sha256: 'a'.repeat(64) } })
const hosts = { master: 'debian-7 x86_64', slaves: ['debian-7 x86_64'] }

it('accepts hosts of the platform, with or without its architecture', () => {
  checkPlatforms(config({ platform: 'debian-7' }), hosts)
  checkPlatforms(config({ platform: 'debian-7-x86_64' }), hosts)
})

it.each([
  [
    'another release',
    { ...hosts, slaves: ['debian-7 x86_64', 'debian-8 x86_64'] },
    'The eggs are for debian-7, but a slave runs debian-8: what was compiled for one need not run on the other.',
  ],
  [
    'another master',
    { ...hosts, master: 'ubuntu-14.04 x86_64' },
    'The eggs are for debian-7, but the master runs ubuntu-14.04: what was compiled for one need not run on the other.',
  ],
  [
    'another architecture than the usual',
    { ...hosts, slaves: ['debian-7 aarch64'] },
    'The eggs are for debian-7, but a slave runs debian-7-aarch64: what was compiled for one need not run on the other.',
  ],
  [
    'a host that does not say',
    { ...hosts, slaves: [null] },
    'The eggs are for debian-7, but a slave does not say what it runs.',
  ],
])('refuses %s', (_what, facts, problem) => {
  expect(problemOf(() => checkPlatforms(config(), facts))).toBe(problem)
})

it('refuses another architecture where the platform names one', () => {
  expect(problemOf(() => checkPlatforms(config({ platform: 'debian-7-aarch64' }), hosts))).toMatch(
    /^The eggs are for debian-7-aarch64, but the master runs debian-7:/,
  )
})

describe('distribute', () => {
  const distributeTo = async (says: string) => {
    const done: string[] = []
    const host = {
      role: 'slaves',
      ask: async () => ({ exitCode: says ? 0 : 2, stdout: says, stderr: '' }),
      upload: async () => void done.push('upload'),
      script: async () => void done.push('script'),
    }
    const context = { host, config: config(), outputs: () => [], log: () => {} }
    const failure = await distribute.run(context as never).catch((error: Failed) => error.failure)
    return { done, failure }
  }

  it('brings the executor to a slave of the platform', async () => {
    expect(await distributeTo('debian-7 x86_64\n')).toEqual({
      done: ['upload', 'script'],
      failure: undefined,
    })
  })

  it.each([
    ['of another', 'debian-8 x86_64\n', 'but a slave runs debian-8'],
    ['that does not say', '', 'but a slave does not say what it runs'],
  ])('refuses a slave %s before anything is brought to it', async (_what, says, problem) => {
    expect(await distributeTo(says)).toEqual({
      done: [],
      failure: expect.objectContaining({ kind: 'refused', problem: expect.stringContaining(problem) }),
    })
  })
})

function problemOf(check: () => void): string {
  try {
    check()
  } catch (error) {
    if (error instanceof Failed && error.failure.kind === 'refused') return error.failure.problem
  }
  return 'nothing was refused'
}

it('takes the one work_dir that the slaves have', () => {
  expect(readSlaveRoot(config(), '/tmp/mesos')).toBe('/tmp/mesos')
  expect(readSlaveRoot(config(), ['/tmp/mesos'])).toBe('/tmp/mesos')
})

it('takes the work_dir of the cluster file before any other', () => {
  expect(readSlaveRoot(config({ slaveRoot: '/srv/mesos' }), ['/a', '/b'])).toBe('/srv/mesos')
})

it.each([[['/a', '/b']], [null]])('refuses slaves whose work_dir is %j', (fact) => {
  expect(() => readSlaveRoot(config(), fact)).toThrow()
})
