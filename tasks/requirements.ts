import type { Requirements } from '../lib/index.ts'
import type { Config } from './config.ts'

/** What the deployment uses and does not bring: `doctor` sees whether it is there. */
export function requirements({ config: { mesos } }: { config: Config }): Requirements {
  const buildsInDocker = mesos.builder === 'docker' && !mesos.eggs
  return {
    ...(buildsInDocker && { programs: { docker: ['docker', 'version'] } }),
    tools: { master: ['apt-get', 'dpkg-query'], slaves: ['python2.7'] },
  }
}
