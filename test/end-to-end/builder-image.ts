import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { baseImage } from '../rig/base-image.ts'
import { ownedByUs } from '../rig/cluster/leftovers.ts'
import { docker } from '../rig/docker.ts'

const standIns = fileURLToPath(new URL('../../tasks/sandbox/bin/', import.meta.url))

export interface BuilderImage {
  name: string
  remove(): Promise<void>
}

/** The platform's image in which the miniature Mesos can be built: a small Debian with the sandbox's stand-ins. */
export async function makeBuilderImage(): Promise<BuilderImage> {
  const [labelled, label] = await ownedByUs()
  const container = await docker('create', labelled!, label!, await baseImage(), 'mkdir', '/var/lib/sandbox')
  try {
    await docker('cp', `${standIns}.`, `${container}:/usr/local/bin/`)
    await docker('cp', realpathSync(process.execPath), `${container}:/usr/local/bin/node`)
    await docker('start', '--attach', container)
    const name = `aurora-mesosphere-test:builder-${process.pid}`
    await docker('commit', '--change', `LABEL ${label}`, container, name)
    return { name, remove: async () => void (await docker('rmi', '--force', name)) }
  } finally {
    await docker('rm', container)
  }
}
