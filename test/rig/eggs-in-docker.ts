import { Docker } from '../../tasks/eggs/docker.ts'
import { docker, dockerLines } from './docker.ts'

/** The label of what builds of a workspace's eggs make in Docker. */
export function eggsLabel(root: string): string {
  return new Docker({ $: undefined as never, root }, 'linux/amd64').label
}

/** Removes the images and volumes that the builds of a workspace would have gone on with. */
export async function removeEggCaches(root: string): Promise<void> {
  const ours = ['--quiet', '--filter', `label=${eggsLabel(root)}`]
  const images = await dockerLines('image', 'ls', ...ours)
  if (images.length > 0) await docker('image', 'rm', '--force', ...new Set(images))
  const volumes = await dockerLines('volume', 'ls', ...ours)
  if (volumes.length > 0) await docker('volume', 'rm', ...volumes)
}
