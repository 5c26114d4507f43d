import { machine, userInfo } from 'node:os'
import type { SandboxFacts } from '../../lib/index.ts'
import { type Config, configSchema } from '../config.ts'
import { observerPorts, portOf } from './ports.ts'
import { releaseFile, sandboxReleases } from './release-files.ts'
import { standIns } from './stand-ins.ts'
import { versions } from './versions.ts'

/** The rest of the sandbox's cluster file. Writes nothing: the releases' digests are known before their files are there. */
export async function clusterConfig(facts: SandboxFacts): Promise<Config> {
  const { mesos, aurora, maven } = await sandboxReleases()
  return configSchema.parse({
    mesos: {
      version: versions.mesos,
      source: releaseFile(facts, mesos),
      sha256: mesos.sha256,
      platform: `sandbox-1-${machine()}`,
      builder: 'folder',
      tools: standIns,
    },
    aurora: {
      version: versions.aurora,
      source: releaseFile(facts, aurora),
      sha256: aurora.sha256,
      clusterName: 'sandbox',
      javaHome: '/usr/lib/jvm/default-java',
      httpPort: portOf(facts, 'scheduler'),
      libprocessPort: portOf(facts, 'libprocess'),
      restartPause: 1,
      startTimeout: 60,
      steadyFor: 1,
    },
    // Of what else builds download, the miniatures' take nothing.
    downloads: { ship: false, maven: { source: releaseFile(facts, maven), sha256: maven.sha256 } },
    observer: { port: observerPorts(facts) },
    smokeTest: { role: userInfo().username, timeout: 60 },
  })
}
