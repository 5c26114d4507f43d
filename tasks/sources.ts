import type { Download } from '../lib/index.ts'
import type { Config } from './config.ts'

/** Mesos' source release. Upstream published nothing stronger than SHA-1 for 0.20.1. */
export function mesosSource({ mesos }: Config): Download {
  const name = `mesos-${mesos.version}.tar.gz`
  return download(name, {
    source: mesos.source ?? `https://archive.apache.org/dist/mesos/${mesos.version}/${name}`,
    sha256: mesos.sha256,
    sha1: mesos.sha1 ?? (mesos.source ? undefined : '8028366a2538551daaf290f7c62c4c8bfb415f61'),
  })
}

export function auroraSource({ aurora }: Config): Download {
  const name = `apache-aurora-${aurora.version}.tar.gz`
  const folder = aurora.version.replace('-incubating', '')
  return download(name, {
    ...aurora,
    source: aurora.source ?? `https://archive.apache.org/dist/incubator/aurora/${folder}/${name}`,
  })
}

/** Gradle's distribution, where the cluster file gives one. */
export function gradleSource({ aurora: { gradle } }: Config): Download | undefined {
  return gradle.source === undefined
    ? undefined
    : download(`gradle-${gradle.version}-bin.zip`, { ...gradle, source: gradle.source })
}

interface Release {
  source: string
  sha256?: string | undefined
  sha1?: string | undefined
}

function download(name: string, { source, sha256, sha1 }: Release): Download {
  return {
    name,
    url: source,
    ...(/^https?:/.test(source) ? {} : { file: source }),
    ...(sha256 ? { sha256 } : sha1 ? { sha1 } : {}),
  }
}
