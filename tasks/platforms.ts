import type { Config } from './config.ts'

/** What a distribution calls the things that we need: data only. */
export interface Platform {
  image: string
  javaHome: string
  /** Needed by Mesos 0.20.1 from GCC 5 on. */
  flags: Record<string, string>
  packages: {
    /** To build Mesos' eggs. Empty where the distribution has no Python 2.7 any more. */
    eggs: string[]
    /** What the eggs need to be imported, as on a slave. */
    runtime: string[]
    /** To build Aurora. */
    aurora: string[]
  }
}

// No libunwind headers: the egg would then need libunwind on every slave.
const libraries = ['libcurl4-openssl-dev', 'libsasl2-dev', 'zlib1g-dev']
const compilers = ['build-essential', 'patch', 'bison', 'flex', 'unzip', 'zip']
const newCompiler = { CXXFLAGS: '-O2 -std=gnu++11 -fpermissive -w', CFLAGS: '-O2 -w' }
const java7 = '/usr/lib/jvm/java-7-openjdk-amd64'

const withJava7: Omit<Platform, 'image'> = {
  javaHome: java7,
  flags: {},
  packages: {
    eggs: ['build-essential', 'patch', 'python2.7', 'python-dev', 'python-setuptools', ...libraries],
    runtime: ['python2.7', 'python-pkg-resources', 'libcurl3', 'libsasl2-2', 'libstdc++6', 'zlib1g'],
    aurora: [...compilers, ...libraries, 'python2.7', 'python-dev', 'openjdk-7-jdk'],
  },
}

export const platforms: Record<string, Platform> = {
  'debian-7': { ...withJava7, image: 'debian/eol:wheezy' },
  'debian-8': { ...withJava7, image: 'debian/eol:jessie' },
  'ubuntu-14.04': { ...withJava7, image: 'ubuntu:14.04' },
  // Newer distributions have no JDK 7: it must be on the master already (aurora.javaHome).
  'debian-11': {
    image: 'debian:bullseye',
    javaHome: java7,
    flags: newCompiler,
    packages: {
      eggs: ['build-essential', 'patch', 'python2.7', 'python2.7-dev', 'python-setuptools', ...libraries],
      runtime: ['python2.7', 'python-pkg-resources', 'libcurl4', 'libsasl2-2', 'libstdc++6', 'zlib1g'],
      aurora: [...compilers, ...libraries, 'python2.7', 'python2.7-dev'],
    },
  },
  'debian-12': {
    image: 'debian:bookworm',
    javaHome: java7,
    flags: newCompiler,
    packages: { eggs: [], runtime: [], aurora: [...compilers, ...libraries] },
  },
}

/** `debian-7` and `debian-7-x86_64` are the same platform. Undefined for one that we know nothing of. */
export function platformOf({ mesos }: Config): Platform | undefined {
  return platforms[mesos.platform] ?? platforms[mesos.platform.replace(/-[^-]+$/, '')]
}

/** Packages that the master needs to build Aurora. */
export function masterPackages(config: Config): string[] {
  return config.aurora.packages ?? (platformOf(config) ?? withJava7).packages.aurora
}

export function javaHome(config: Config): string {
  return config.aurora.javaHome ?? platformOf(config)?.javaHome ?? java7
}
