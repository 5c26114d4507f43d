import type { Config } from '../config.ts'
import { type Architecture, architectures } from './architectures.ts'
import { releaseOf } from './aurora-releases.ts'

/** What a distribution calls the things that we need, and where they are: data only. */
export interface Platform {
  /** Docker image in which the eggs are built. */
  image: string
  /** Lines of sources.list, where the distribution is no longer on its usual mirrors; without, the image's own. */
  aptSources?: string[]
  /** Where its JDKs lie, by release and Debian's name of the architecture. */
  javaHome(release: number, architecture: string): string
  /** Flags of the compilers, as environment. */
  flags: Record<string, string>
  /** Debian packages by what they are needed for. */
  packages: Record<Need, string[]>
}

type Need =
  | 'compiler'
  | 'compilerCache'
  | 'parserGenerators'
  | 'zip'
  | 'downloads'
  | 'git'
  | 'python'
  | 'pythonHeaders'
  | 'setuptools'
  | 'pkgResources'
  | 'libraries'
  | 'libraryHeaders'
  | 'jdk'

// Of libunwind neither headers nor library: the egg would then need it on every slave.
const common = {
  compiler: ['build-essential', 'patch'],
  compilerCache: ['ccache'],
  parserGenerators: ['bison', 'flex'],
  zip: ['unzip', 'zip'],
  // By curl the source tree gets what was not brought, and executors are published.
  downloads: ['curl', 'ca-certificates'],
  // pants asks git about the tree that it builds, and fails where there is none, though there be no repository.
  git: ['git'],
  python: ['python2.7'],
  setuptools: ['python-setuptools'],
  pkgResources: ['python-pkg-resources'],
  libraryHeaders: ['libcurl4-openssl-dev', 'libsasl2-dev', 'zlib1g-dev'],
}

const withJava7: Omit<Platform, 'image'> = {
  javaHome: (release, architecture) => `/usr/lib/jvm/java-${release}-openjdk-${architecture}`,
  flags: {},
  packages: {
    ...common,
    pythonHeaders: ['python-dev'],
    libraries: ['libcurl3', 'libsasl2-2', 'libstdc++6', 'zlib1g'],
    jdk: ['openjdk-7-jdk'],
  },
}

const withoutJava7: Omit<Platform, 'image'> = {
  ...withJava7,
  // Mesos 0.20.1 is older than GCC 5, and takes warnings for errors.
  flags: { CXXFLAGS: '-O2 -std=gnu++11 -fpermissive -w', CFLAGS: '-O2 -w' },
  packages: {
    ...common,
    pythonHeaders: ['python2.7-dev'],
    libraries: ['libcurl4', 'libsasl2-2', 'libstdc++6', 'zlib1g'],
    jdk: [],
  },
}

export const platforms: Record<string, Platform> = {
  'debian-7': {
    ...withJava7,
    image: 'debian/eol:wheezy',
    aptSources: archived('wheezy'),
  },
  'debian-8': {
    ...withJava7,
    image: 'debian/eol:jessie',
    aptSources: archived('jessie'),
  },
  'ubuntu-14.04': { ...withJava7, image: 'ubuntu:trusty' },
  'debian-11': { ...withoutJava7, image: 'debian:bullseye' },
  'debian-12': {
    ...withoutJava7,
    image: 'debian:bookworm',
    packages: {
      ...withoutJava7.packages,
      python: [],
      pythonHeaders: [],
      setuptools: [],
      pkgResources: [],
    },
  },
}

/** Their keys have expired, so apt cannot check signatures any more. */
function archived(suite: string): string[] {
  const site = 'http://archive.debian.org'
  return [
    `deb [trusted=yes] ${site}/debian ${suite} main`,
    `deb [trusted=yes] ${site}/debian-security ${suite}/updates main`,
  ]
}

/** `debian-7` and `debian-7-x86_64` are the same platform. Undefined for one that we know nothing of. */
export function platformOf({ mesos }: Config): Platform | undefined {
  return platforms[releaseAndArchitecture(mesos.platform).release]
}

/** `debian-11-aarch64` names its architecture; `debian-11` means the usual one. */
export function releaseAndArchitecture(platform: string): { release: string; architecture: Architecture } {
  const [, release = platform, named] = /^(.*?)(?:-([^-]+))?$/.exec(platform) ?? []
  return named !== undefined && named in architectures
    ? { release, architecture: named as Architecture }
    : { release: platform, architecture: 'x86_64' }
}

/** To build Mesos' eggs. */
export function buildPackages({ packages }: Platform): string[] {
  const { compiler, compilerCache, python, pythonHeaders, setuptools, libraryHeaders } = packages
  return [compiler, compilerCache, python, pythonHeaders, setuptools, libraryHeaders].flat()
}

/** What slaves have, to import the eggs. */
export function slavePackages({ packages: { python, pkgResources, libraries } }: Platform): string[] {
  return [python, pkgResources, libraries].flat()
}

/** To build Aurora on the master. */
export function masterPackages(config: Config): string[] {
  const { packages } = platformOf(config) ?? withJava7
  const { compiler, parserGenerators, zip, downloads, git, libraryHeaders, python, pythonHeaders, jdk } =
    packages
  // Where the distribution has none of the release that builds this Aurora, it must be on the master already.
  const itsJdk = jdk.filter((name) => name === `openjdk-${releaseOf(config).java}-jdk`)
  return (
    config.aurora.packages ??
    [compiler, parserGenerators, zip, downloads, git, libraryHeaders, python, pythonHeaders, itsJdk].flat()
  )
}

export function javaHome(config: Config): string {
  const { architecture } = releaseAndArchitecture(config.mesos.platform)
  const { javaHome } = platformOf(config) ?? withJava7
  return config.aurora.javaHome ?? javaHome(releaseOf(config).java, architectures[architecture].debian)
}
