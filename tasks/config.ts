import { z } from 'zod'
import { aurora } from './config/aurora.ts'
import { downloads } from './config/downloads.ts'
import { executor } from './config/executor.ts'
import { mustBe, port, seconds } from './config/fields.ts'
import { mesos } from './config/mesos.ts'
import { auroraReleases } from './known/aurora-releases.ts'

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
  .superRefine(({ mesos, aurora }, context) => {
    const needed = auroraReleases[aurora.version]!.mesos
    mustBe(context, 'mesos.version', mesos.version, needed, `Aurora ${aurora.version} runs`)
  })

export type Config = z.output<typeof configSchema>
