import { z } from 'zod'
import { aurora } from './config/aurora.ts'
import { downloads } from './config/downloads.ts'
import { executor } from './config/executor.ts'
import { digestOf, mustBe, port, requireField, seconds } from './config/fields.ts'
import { mesos } from './config/mesos.ts'
import { releaseOf } from './known/aurora-releases.ts'
import { knownDigests } from './known/digests.ts'

/** The cluster file, less what the engine reads itself (name, user, hosts, ssh). Every field is documented where it stands. */

const observer = z.strictObject({
  /** One for all slaves, or by host name. The links of Aurora's own pages always say 1338. */
  port: z.union([port, z.record(z.string(), port)]).default(1338),
})

const smokeTest = z.strictObject({
  /** Whom the job runs as: every slave must know the user. */
  role: z
    .string()
    .regex(/^[\w.-]+$/, 'a user name holds letters, digits, dots and dashes')
    .default('www-data'),
  /** How long the job may take until it runs. */
  timeout: seconds.default(300),
})

const distribute = z.strictObject({
  /** `master`: slaves fetch what is large from the master, so that the operator's link carries it once. In no key. */
  via: z.enum(['none', 'master']).default('none'),
})

export const configSchema = z
  .strictObject({
    mesos: mesos.prefault({}),
    aurora: aurora.prefault({}),
    observer: observer.prefault({}),
    distribute: distribute.prefault({}),
    downloads: downloads.prefault({}),
    executor: executor.prefault({}),
    smokeTest: smokeTest.prefault({}),
  })
  .superRefine(({ mesos, aurora, downloads: { thrift } }, context) => {
    const needed = releaseOf({ aurora })
    mustBe(context, 'mesos.version', mesos.version, needed.mesos, `Aurora ${aurora.version} runs`)
    mustBe(
      context,
      'downloads.thrift.version',
      thrift.version,
      needed.thrift,
      `Aurora ${aurora.version} builds`,
    )
    requireField(
      context,
      'downloads.thrift.sha256',
      digestOf(thrift) ?? digestOf(knownDigests('thrift', needed.thrift)),
      `the SHA-256 of thrift-${needed.thrift}.tar.gz`,
    )
  })
  .transform(({ downloads, ...config }) => ({
    ...config,
    downloads: { ...downloads, thrift: { ...downloads.thrift, version: releaseOf(config).thrift } },
  }))

export type Config = z.output<typeof configSchema>
