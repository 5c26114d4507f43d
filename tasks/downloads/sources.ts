import type { Download } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { type Digests, knownDigests } from '../known/digests.ts'

interface Release extends Digests {
  source?: string | undefined
  mirrors?: string[] | undefined
}

export function mesosSource(config: Config): Download {
  const { version } = config.mesos
  const name = `mesos-${version}.tar.gz`
  const usual = `https://archive.apache.org/dist/mesos/${version}/${name}`
  return download(name, usual, config.mesos, knownDigests('mesos', version), config)
}

export function auroraSource(config: Config): Download {
  const { version } = config.aurora
  const name = `apache-aurora-${version}.tar.gz`
  const folder = version.endsWith('-incubating')
    ? `incubator/aurora/${version.replace('-incubating', '')}`
    : `aurora/${version}`
  const usual = `https://archive.apache.org/dist/${folder}/${name}`
  return download(name, usual, config.aurora, knownDigests('aurora', version), config)
}

/** Gradle's distribution, as it goes to the master: where the cluster file gives one, else with all else that is shipped. */
export function gradleSource(config: Config): Download | undefined {
  const isShipped = config.downloads.ship && hasGradleDigest(config)
  return config.aurora.gradle.source !== undefined || isShipped ? gradleRelease(config) : undefined
}

/** A deployment can do without, where the master has it: so a cluster file may say nothing of it. */
export function hasGradleDigest(config: Config): boolean {
  const { sha256, sha1 } = gradleRelease(config)
  return (sha256 ?? sha1) !== undefined
}

export function gradleRelease(config: Config): Download {
  const { gradle } = config.aurora
  const name = `gradle-${gradle.version}-bin.zip`
  const usual = `https://services.gradle.org/distributions/${name}`
  return download(name, usual, gradle, knownDigests('gradle', gradle.version), config)
}

/** Not by its own name, which is that of its Python package, too. */
export function thriftRelease(config: Config): Download {
  const { thrift } = config.downloads
  const usual = `https://archive.apache.org/dist/thrift/${thrift.version}/thrift-${thrift.version}.tar.gz`
  const name = `apache-thrift-${thrift.version}.tar.gz`
  return download(name, usual, thrift, knownDigests('thrift', thrift.version), config)
}

/** An archive of all that Gradle takes from Maven repositories. There is no usual one: the operator makes it. */
export function mavenRepository(config: Config): Download | undefined {
  const { maven } = config.downloads
  return maven.source === undefined
    ? undefined
    : download('maven-repository.tar.gz', maven.source, maven, {}, config)
}

function download(
  name: string,
  usual: string,
  { source = usual, mirrors, sha256, sha1 }: Release,
  known: Digests,
  { downloads: { folder } }: Config,
): Download {
  return {
    name,
    url: source,
    ...(/^https?:/.test(source) ? { folder } : !mirrors && { file: source }),
    ...(mirrors && { mirrors }),
    ...digests(sha256 || sha1 ? { sha256, sha1 } : known),
  }
}

function digests({ sha256, sha1 }: Digests): Digests {
  return sha256 ? { sha256 } : sha1 ? { sha1 } : {}
}
