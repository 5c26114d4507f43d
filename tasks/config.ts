import { z } from 'zod'
import { auroraReleases } from './aurora-releases.ts'
import { knownDigests } from './known-digests.ts'
import { ownFlags } from './own-flags.ts'

/** The cluster file, less what the engine reads itself (name, user, hosts, ssh). Every field is documented where it stands. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 lower-case hexadecimal digits')
const sha1 = z.string().regex(/^[0-9a-f]{40}$/, 'a SHA-1 is 40 lower-case hexadecimal digits')
const port = z.int().min(1).max(65535)
const version = z.string().regex(/^[\w.-]+$/, 'a version holds letters, digits, dots and dashes')
const absolute = z.string().regex(/^\/\S*[^/\s]$/, 'must be an absolute path without spaces')
const seconds = z.int().min(1)

/** Where a source release comes from, and what it must be. */
const release = {
  /** `https://…`, or a path: absolute, or from the workspace's root. */
  source: z.string().min(1).optional(),
  /** Addresses that are tried where that one fails. */
  mirrors: z.array(z.string().min(1)).optional(),
  sha256: sha256.optional(),
  /** Only where upstream published nothing stronger: a warning prints the SHA-256 to write here instead. */
  sha1: sha1.optional(),
}

const mesos = z
  .strictObject({
    version: version.default('0.20.1'),
    ...release,
    /** What the hosts run, as `<ID>-<VERSION_ID>` of /etc/os-release: the eggs are made for it. */
    platform: version.default('debian-7'),
    /** Folder of the workspace with eggs of your own: they are checked and used, nothing is built. */
    eggs: z
      .string()
      .refine((path) => !/^[/~]|(^|\/)\.\.(\/|$)/.test(path), 'must be a folder within the workspace')
      .optional(),
    /** Where eggs are built: in a Docker container of the platform, or in a folder of a machine that already is of it. */
    builder: z.enum(['docker', 'folder']).default('docker'),
    /** Docker image of the platform, instead of the one known for it: best by its digest, `debian/eol@sha256:…`. */
    image: z.string().min(1).optional(),
    /** Lines of sources.list for the container, instead of those known for the platform or the image's own. */
    aptSources: z.array(z.string().min(1)).optional(),
    /** Flags of the compilers, instead of those known for the platform: `{ CXXFLAGS: -O2 }`. */
    flags: z.record(z.string().regex(/^\w+$/), z.string()).optional(),
    /** Folder of programs that the `folder` builder finds first. In no key. */
    tools: absolute.optional(),
    /** Where Mesos is installed on the master: its bin/mesos-log and lib/libmesos.so are needed. */
    prefix: absolute.default('/usr/local'),
    /** The slaves' work_dir. Without it: what /etc/mesos-slave/work_dir says on them, else Mesos' own default. */
    slaveRoot: absolute.optional(),
  })
  .superRefine(({ version, source, sha256, sha1, eggs }, context) => {
    if (version === '0.20.1' || eggs) return
    requireField(context, 'source', source, `an address or path of mesos-${version}.tar.gz`)
    requireField(context, 'sha256', sha256 ?? sha1, `the SHA-256 of mesos-${version}.tar.gz`)
  })

const aurora = z
  .strictObject({
    /** One of those in `aurora-releases.ts`, where each stands with the Mesos, JDK and Gradle that it goes with. */
    version: z.enum(Object.keys(auroraReleases)).default('0.7.0-incubating'),
    ...release,
    /** Aurora's build accepts one version of Gradle. Without `source`, it must be on the master already. */
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
  .superRefine(({ version, source, sha256, sha1, gradle, flags }, context) => {
    for (const name of Object.keys(flags))
      if (ownFlags[name])
        context.addIssue({
          code: 'custom',
          path: ['flags', name],
          message: `is not set here: ${ownFlags[name]}`,
        })
    if (version !== '0.7.0-incubating')
      requireField(context, 'source', source, `an address or path of apache-aurora-${version}.tar.gz`)
    requireField(
      context,
      'sha256',
      sha256 ?? sha1,
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

const downloads = z
  .strictObject({
    /** Folder, from the workspace's root or absolute, that `fill-downloads` fills. What is in it needs no network. */
    folder: z.string().min(1).default('downloads'),
    /** Whether the master is brought what its builds would download: false where it reaches the network by itself. */
    ship: z.boolean().default(true),
    /** Address of the Python index's simple page. Without it: the one that pip uses on this machine. */
    pythonIndex: z.url().optional(),
    /** Requirements files with hashes, instead of those in `tasks/python-packages`. */
    pythonPackages: z
      .strictObject({
        virtualenv: z.string().min(1).optional(),
        pants: z.string().min(1).optional(),
        aurora: z.string().min(1).optional(),
      })
      .prefault({}),
    /** Aurora's build uses one version of the Thrift compiler. */
    thrift: z.strictObject({ version: version.default('0.9.1'), ...release }).prefault({}),
    /** An archive of all that Gradle takes from Maven repositories, which you make yourself. */
    maven: z.strictObject(release).prefault({}),
  })
  .superRefine(({ thrift, maven }, context) => {
    requireField(
      context,
      'thrift.sha256',
      digestOf(thrift) ?? digestOf(knownDigests('thrift', thrift.version)),
      `the SHA-256 of thrift-${thrift.version}.tar.gz`,
    )
    if (maven.source) requireField(context, 'maven.sha256', digestOf(maven), 'the SHA-256 of that archive')
  })

/** What brings it to slaves; all of Mesos' fetcher's own kinds of address. */
const stores = /^(https?|ftps?|hdfs|hftp|s3n?):\/\/[^\s'"]*[^\s'"/]$/

const executor = z
  .strictObject({
    /** How slaves get executors: `distribute` installs them; or Mesos' own fetcher takes them from a store, for every task. */
    delivery: z.enum(['distribute', 'fetcher']).default('distribute'),
    /** The store as slaves and the master reach it: files are put at `<store>/<SHA-256>/<name>`. */
    store: z
      .string()
      .regex(
        stores,
        "must be an address that Mesos' fetcher knows: http, https, ftp, hdfs or s3, without a slash at its end",
      )
      .optional(),
    /** Folder of the master that a web server gives out as the store. Without it, files are put there by HTTP's PUT, or by `put`. */
    folder: absolute.optional(),
    /** For bash on the master: puts "$FILE" at "$URI". */
    put: z.string().min(1).optional(),
    /** For bash on the master: prints what is at "$URI". Without it: HTTP's GET. */
    get: z.string().min(1).optional(),
  })
  .superRefine(({ delivery, store, folder, put, get }, context) => {
    if (delivery === 'distribute') return
    requireField(
      context,
      'store',
      store,
      'where slaves fetch executors from, such as http://10.0.0.10:8000/executors',
    )
    if (store === undefined || /^https?:/.test(store)) return
    requireField(
      context,
      'put',
      put ?? folder,
      `a command that puts "$FILE" at "$URI": curl cannot, for ${store}`,
    )
    requireField(context, 'get', get, `a command that prints what is at "$URI": curl cannot, for ${store}`)
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

function digestOf({ sha256, sha1 }: { sha256?: string | undefined; sha1?: string | undefined }) {
  return sha256 ?? sha1
}

function mustBe(
  context: z.RefinementCtx,
  path: string,
  value: string | undefined,
  only: string,
  who: string,
): void {
  if (value !== undefined && value !== only)
    context.addIssue({
      code: 'custom',
      path: path.split('.'),
      message: `is ${value}, but ${who} with ${only} only`,
    })
}

function requireField(context: z.RefinementCtx, path: string, value: unknown, what: string): void {
  if (value === undefined)
    context.addIssue({ code: 'custom', path: path.split('.'), message: `is missing: ${what}` })
}
