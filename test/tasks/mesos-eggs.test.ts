import { describe, expect, it } from 'vitest'
import { Failed } from '../../lib/index.ts'
import { configSchema } from '../../tasks/config.ts'
import { chooseEggs } from '../../tasks/eggs/mesos-eggs.ts'

const config = (platform = 'debian-7') =>
  configSchema.parse({ mesos: { platform }, aurora: { sha256: 'a'.repeat(64) } })
const later = configSchema.parse({
  mesos: { version: '1.0.0', platform: 'debian-11', eggs: 'my-eggs' },
  aurora: { version: '0.16.0', source: 'aurora.tar.gz', sha256: 'a'.repeat(64) },
})
const good = ['mesos.interface-0.20.1-py2.7.egg', 'mesos.native-0.20.1-py2.7-linux-x86_64.egg']

function problemWith(eggs: string[], its = config()): string {
  try {
    chooseEggs(eggs, its, 'my-eggs')
  } catch (error) {
    if (error instanceof Failed && error.failure.kind === 'refused') return error.failure.problem
  }
  return 'nothing'
}

it("takes the eggs of the cluster's Mesos, and protobuf of any version", () => {
  const all = ['mesos-0.20.1-py2.7.egg', ...good, 'protobuf-2.5.0-py2.7.egg']
  expect(chooseEggs(['README', ...all, 'six-1.8.0-py2.7.egg'], config(), 'my-eggs')).toEqual(all)
})

it('takes eggs of the architecture that the platform names', () => {
  const eggs = [good[0]!, 'mesos.native-0.20.1-py2.7-linux-aarch64.egg']
  expect(chooseEggs(eggs, config('debian-11-aarch64'), 'my-eggs')).toEqual(eggs)
})

it('takes the eggs of a Mesos whose executors link `mesos.executor`', () => {
  const eggs = [
    'mesos.executor-1.0.0-py2.7-linux-x86_64.egg',
    'mesos.interface-1.0.0-py2.7.egg',
    'mesos.native-1.0.0-py2.7.egg',
    'mesos.scheduler-1.0.0-py2.7-linux-x86_64.egg',
  ]
  expect(chooseEggs(eggs, later, 'my-eggs')).toEqual(eggs)
  expect(problemWith(eggs.slice(1), later)).toContain('has no `mesos.executor-1.0.0-py2.7….egg`')
  const unbound = ['mesos.executor-1.0.0-py2.7.egg', ...eggs.slice(1)]
  expect(problemWith(unbound, later)).toContain('is built for no platform; the slaves are linux-x86_64')
})

describe.each([
  ['no eggs', [], '`my-eggs` has no `mesos.interface-0.20.1-py2.7….egg`; it has no eggs.'],
  [
    'no native egg',
    [good[0]!],
    '`my-eggs` has no `mesos.native-0.20.1-py2.7….egg`; it has mesos.interface-0.20.1-py2.7.egg.',
  ],
  [
    'another version',
    [good[0]!, 'mesos.native-0.21.0-py2.7-linux-x86_64.egg'],
    '`my-eggs/mesos.native-0.21.0-py2.7-linux-x86_64.egg` is of Mesos 0.21.0; the cluster has Mesos 0.20.1.',
  ],
  [
    'another version besides',
    [...good, 'mesos.native-0.21.0-py2.7-linux-x86_64.egg'],
    '`my-eggs/mesos.native-0.21.0-py2.7-linux-x86_64.egg` is of Mesos 0.21.0; the cluster has Mesos 0.20.1.',
  ],
  [
    'another Python',
    [good[0]!, 'mesos.native-0.20.1-py2.6-linux-x86_64.egg'],
    '`my-eggs/mesos.native-0.20.1-py2.6-linux-x86_64.egg` is for Python 2.6; Aurora needs Python 2.7.',
  ],
  [
    'another machine',
    [good[0]!, 'mesos.native-0.20.1-py2.7-macosx-10.9-x86_64.egg'],
    '`my-eggs/mesos.native-0.20.1-py2.7-macosx-10.9-x86_64.egg` is built for macosx-10.9-x86_64; the slaves are linux-x86_64.',
  ],
  [
    'a native egg for no machine',
    [good[0]!, 'mesos.native-0.20.1-py2.7.egg'],
    '`my-eggs/mesos.native-0.20.1-py2.7.egg` is built for no platform; the slaves are linux-x86_64.',
  ],
  [
    'a bound egg that should not be',
    [...good, 'mesos-0.20.1-py2.7-linux-x86_64.egg'],
    '`my-eggs/mesos-0.20.1-py2.7-linux-x86_64.egg` is bound to linux-x86_64, which only `mesos.native` should be.',
  ],
  ['a renamed egg', [...good, 'mesos.egg'], '`my-eggs/mesos.egg` has no name that an egg has.'],
])('%s', (_what, eggs, problem) => {
  it('is refused', () => expect(problemWith(eggs)).toBe(problem))
})
