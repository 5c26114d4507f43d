import { only, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { auroraSource, gradleSource, mavenRepository } from './downloads/sources.ts'
import { releaseOf } from './known/aurora-releases.ts'
import { stage } from './known/layout.ts'
import { javaHome, masterPackages } from './known/platforms.ts'
import { stageEggs } from './stage-eggs.ts'

export const installAurora = task<Config>({
  module: import.meta.url,
  name: 'install-aurora',
  description: 'Install what Aurora is built with, build the scheduler and set up pants',
  on: 'master',
  needs: [
    only(
      stageEggs,
      `${stage.sources}/**`,
      `${stage.eggs}/mesos-*.egg`,
      `${stage.eggs}/mesos.interface-*.egg`,
      `${stage.eggs}/protobuf-*.egg`,
    ),
  ],
  inputs: {
    files: [
      'remote-scripts/aurora_install_packages.sh',
      'remote-scripts/aurora_install.sh',
      'remote-scripts/aurora_bootstrap_pants.sh',
      'remote-scripts/lib.sh',
      'remote-scripts/lib_java.sh',
      'remote-scripts/lib_gradle.sh',
      'remote-scripts/offline.gradle',
      'remote-scripts/lib_thrift.sh',
      'remote-scripts/lib_pants.sh',
    ],
    values: ({ config }) => ({
      home: config.aurora.home,
      version: config.aurora.version,
      release: release(config),
      javaHome: javaHome(config),
      packages: masterPackages(config),
    }),
  },
  outputs: ({ config: { aurora, mesos } }) => ({
    files: [
      '/etc/profile.d/aurora.sh',
      `${aurora.home}/.source-sha256`,
      `${aurora.home}/dist/install/aurora-scheduler`,
      `${aurora.home}/build-support/pants.venv/BOOTSTRAPPED`,
      `${aurora.home}/third_party/mesos.interface-${mesos.version}-py2.7.egg`,
    ],
  }),
  timeout: '2h',
  async run({ host, config, warn }) {
    if (!releaseOf(config).tested)
      warn(
        `Nobody has deployed Aurora ${config.aurora.version} by these tasks yet: they follow what its sources say.`,
      )
    const { home } = config.aurora
    const gradle = gradleSource(config)
    const maven = mavenRepository(config)
    await host.script('aurora_install_packages.sh', { args: masterPackages(config) })
    await host.script('aurora_install.sh', {
      env: {
        AURORA_HOME: home,
        AURORA_SOURCE: `${stage.sources}/${auroraSource(config).name}`,
        JAVA_HOME: javaHome(config),
        ...release(config),
        ...(gradle && { GRADLE_ARCHIVE: `${stage.sources}/${gradle.name}` }),
        ...(maven && { MAVEN_ARCHIVE: `${stage.sources}/${maven.name}` }),
      },
    })
    await host.script('aurora_bootstrap_pants.sh', {
      env: { AURORA_HOME: home, EGGS: stage.eggs, SOURCES: stage.sources },
    })
  },
})

/** What builds this Aurora, as the scripts know it. */
function release(config: Config): Record<string, string> {
  const { java, gradle, install } = releaseOf(config)
  return { JDK_RELEASE: String(java), GRADLE_VERSION: gradle, GRADLE_TASK: install }
}
