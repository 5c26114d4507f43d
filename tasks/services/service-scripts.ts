import { basename } from 'node:path/posix'
import { services } from '../known/layout.ts'

/** What a service is stopped by. */
export const stopScripts = paths('aurora_service', 'lib', 'lib_boot', 'lib_process', 'lib_service')

/** What every service is started and kept by. */
export const serviceScripts = [
  ...stopScripts,
  ...paths('aurora_health', 'lib_http', 'lib_startup', 'lib_supervise'),
]

/** What `start` leaves of a service on its host. A machine that is master and slave has both, and each is a task's own. */
export function serviceFiles(name: string, loop: string): string[] {
  const kept = serviceScripts.map((path) => basename(path)).filter((file) => file !== 'lib_startup.sh')
  return [...kept, loop, `${name}.conf`].map((file) => `${services}/${file}`)
}

function paths(...names: string[]): string[] {
  return names.map((name) => `remote-scripts/${name}.sh`)
}
