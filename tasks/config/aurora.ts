import { z } from 'zod'
import { auroraReleases } from '../known/aurora-releases.ts'
import { knownDigests } from '../known/digests.ts'
import { ownFlags } from '../known/own-flags.ts'
import { absolute, digestOf, mustBe, port, release, requireField, seconds, version } from './fields.ts'

export const aurora = z
  .strictObject({
    /** One of those in `aurora-releases.ts`, where each stands with the Mesos, JDK and Gradle that it goes with. */
    version: z.enum(Object.keys(auroraReleases)).default('0.7.0-incubating'),
    ...release,
    /**
     * Aurora's build accepts one version of Gradle. It goes to the master where its digest is known, or `source` is given;
     * otherwise, or with `downloads.ship: false`, it must be there already.
     */
    gradle: z.strictObject({ version: version.optional(), ...release }).prefault({}),
    /** Name of the cluster in job keys and in clusters.json. */
    clusterName: version.default('devcluster'),
    /** AURORA_HOME on the master: the source tree and what is built in it. */
    home: absolute.default('/usr/local/aurora'),
    /** JAVA_HOME on the master, instead of the platform's own. */
    javaHome: absolute.optional(),
    javaOptions: z.string().default('-server -Xms1g -Xmx1g'),
    /** The master's address as slaves and clients reach it. Without it: what Mesos' master listens at, else the host's first. */
    address: z.string().min(1).optional(),
    httpPort: port.default(8081),
    libprocessPort: port.default(8083),
    /** Folder of the replicated log and of the backups, on the master. */
    state: absolute.default('/var/lib/aurora/scheduler'),
    /** Where in ZooKeeper the schedulers elect their leader and clients find it. */
    serversetPath: absolute.default('/aurora/scheduler'),
    /** Where in ZooKeeper the replicas of the log find each other. */
    logGroupPath: absolute.default('/aurora/replicated-log'),
    /** More flags of the scheduler, or other values: `{ executor_gc_interval: 5mins }`. */
    flags: z.record(z.string().regex(/^\w+$/), z.string()).default({}),
    /** Seconds between an end of the scheduler or an observer and its next start; twice as many each time that it ends at once. */
    restartPause: seconds.default(5),
    /** How long `start` waits for the scheduler to be registered, and for observers. */
    startTimeout: seconds.default(180),
    /** How long a started scheduler or observer must then stay healthy before `start` believes it. */
    steadyFor: seconds.default(60),
    /** Debian packages that the master needs, instead of the list known for the platform. */
    packages: z.array(z.string().min(1)).optional(),
  })
  .superRefine(({ version, sha256, sha1, gradle, flags }, context) => {
    for (const name of Object.keys(flags))
      if (ownFlags[name])
        context.addIssue({
          code: 'custom',
          path: ['flags', name],
          message: `is not set here: ${ownFlags[name]}`,
        })
    requireField(
      context,
      'sha256',
      sha256 ?? sha1 ?? digestOf(knownDigests('aurora', version)),
      `the SHA-256 of apache-aurora-${version}.tar.gz: none is known that could be trusted here, so download it once, check its signature, and write its digest`,
    )
    if (gradle.source)
      requireField(
        context,
        'gradle.sha256',
        digestOf(gradle) ?? digestOf(knownDigests('gradle', auroraReleases[version]!.gradle)),
        `the SHA-256 of gradle-${auroraReleases[version]!.gradle}-bin.zip`,
      )
    mustBe(
      context,
      'gradle.version',
      gradle.version,
      auroraReleases[version]!.gradle,
      `Aurora ${version} builds`,
    )
  })
  .transform((aurora) => ({
    ...aurora,
    gradle: { ...aurora.gradle, version: auroraReleases[aurora.version]!.gradle },
  }))
