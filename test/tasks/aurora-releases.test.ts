import { describe, expect, it } from 'vitest'
import { checkCluster } from '../../tasks/check-cluster.ts'
import { type Config, configSchema } from '../../tasks/config.ts'
import { installAurora } from '../../tasks/install-aurora.ts'
import { clientTargets, executorFiles, thermosTargets } from '../../tasks/known/artefacts.ts'
import { auroraReleases } from '../../tasks/known/aurora-releases.ts'
import { schedulerFlags } from '../../tasks/services/scheduler-flags.ts'
import { smokeTest } from '../../tasks/smoke-test.ts'

const sha256 = 'a'.repeat(64)
const archive = { source: './release.tar.gz', sha256 }

/** A cluster file that says only which Aurora is wanted, and the Mesos that goes with it. */
function configOf(version: string): Config {
  const { mesos } = auroraReleases[version]!
  return configSchema.parse({
    mesos: { version: mesos, ...archive },
    aurora: { version, ...archive },
    downloads: { thrift: archive },
  })
}
const flagsOf = (version: string) =>
  schedulerFlags(
    configOf(version),
    { url: 'zk://z:2181/mesos', endpoints: 'z:2181' },
    { address: 'm', masters: 1 },
  )

it('were tested in one release only', () => {
  const tested = Object.keys(auroraReleases).filter((version) => auroraReleases[version]!.tested)
  expect(tested).toEqual(['0.7.0-incubating'])
})

describe.each(Object.keys(auroraReleases))('%s', (version) => {
  it('has clients, a runner, an executor and an observer', () => {
    const config = configOf(version)
    expect(clientTargets(config)).toHaveLength(2)
    expect(thermosTargets(config)[0]).toMatch(/:thermos_runner$/)
    expect(executorFiles(config)).toEqual(
      expect.arrayContaining(['thermos_executor.pex', 'thermos_observer.pex']),
    )
  })
})

it('have a garbage collector to run on slaves until 0.8.0', () => {
  expect(flagsOf('0.8.0').join(' ')).toContain('-gc_executor_path=')
  expect(flagsOf('0.9.0').join(' ')).not.toContain('gc_executor')
})

it('no longer take flags about logging from 0.12.0 on', () => {
  expect(flagsOf('0.11.0')).toContain('-logtostderr=true')
  expect(flagsOf('0.12.0').join(' ')).not.toMatch(/-(logtostderr|vlog)=/)
})

it('no longer have executors that are told to announce tasks from 0.13.0 on', () => {
  expect(flagsOf('0.12.0')).toContain(
    '-thermos_executor_flags=--announcer-enable --announcer-ensemble z:2181',
  )
  expect(flagsOf('0.13.0')).toContain('-thermos_executor_flags=--announcer-ensemble z:2181')
})

it('build with one Gradle each', () => {
  expect(configOf('0.8.0').aurora.gradle.version).toBe('2.4')
})

it('say so when one is installed that was never deployed', async () => {
  const warnings = async (version: string) => {
    const said: string[] = []
    const host = { script: async () => {} }
    await installAurora.run({
      host,
      config: configOf(version),
      warn: (text: string) => said.push(text),
    } as never)
    return said
  }
  expect(await warnings('0.7.0-incubating')).toEqual([])
  expect(await warnings('0.8.0')).toEqual([expect.stringContaining('Nobody has deployed Aurora 0.8.0')])
})

it('call their clients otherwise from 0.10.0 on, which smoke-test and check-cluster are told', async () => {
  const told = async (task: typeof smokeTest | typeof checkCluster, version: string) => {
    const environments: Record<string, string>[] = []
    const host = {
      role: 'master',
      script: async (_: string, { env }: { env: Record<string, string> }) => void environments.push(env),
    }
    const facts = { zk: 'zk://z:2181/mesos' }
    await task.run({ host, hosts: { slaves: [] }, config: configOf(version), facts } as never)
    return environments[0]
  }
  expect(await told(smokeTest, '0.9.0')).toMatchObject({ CLIENT: 'aurora.pex' })
  expect(await told(smokeTest, '0.10.0')).toMatchObject({ CLIENT: 'kaurora.pex' })
  expect(await told(checkCluster, '0.10.0')).toMatchObject({
    CLIENT: 'kaurora.pex',
    ADMIN: 'kaurora_admin.pex',
  })
})
