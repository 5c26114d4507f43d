import type { Host, RemoteHost } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { releaseOf } from '../known/aurora-releases.ts'
import { executors } from '../known/layout.ts'
import { observerPort } from '../known/ports.ts'
import { serviceScripts } from './service-scripts.ts'

/** What decides how the observer on a slave runs. */
export function observerInputs(config: Config, host: Host) {
  return {
    files: [
      'remote-scripts/thermos_startup.sh',
      'remote-scripts/thermos_observer_startup.sh',
      'remote-scripts/lib_mesos.sh',
      ...serviceScripts,
    ],
    values: {
      port: observerPort(config, host),
      restartPause: config.aurora.restartPause,
      attributes: neededAttributes(config),
      places: releaseOf(config).observer,
    },
  }
}

export async function startObserver(host: RemoteHost, config: Config, { again = false } = {}): Promise<void> {
  const { restartPause, startTimeout, steadyFor } = config.aurora
  await host.script('thermos_startup.sh', {
    env: {
      EXECUTORS: executors,
      PORT: String(observerPort(config, host)),
      PLACES: releaseOf(config).observer.join(' '),
      RESTART_PAUSE: String(restartPause),
      START_TIMEOUT: String(startTimeout),
      STEADY: String(steadyFor),
      ...(again && { RESTART: 'yes' }),
    },
    args: neededAttributes(config),
  })
}

/** Without these a slave never gets a task: Aurora limits how many of a job's run on one host and in one rack. */
export function neededAttributes(config: Config): string[] {
  const optional = config.aurora.flags.enable_legacy_constraints === 'false'
  return releaseOf(config).needsAttributes && !optional ? ['host', 'rack'] : []
}
