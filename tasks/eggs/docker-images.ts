import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuse } from '../../lib/index.ts'
import { inBuild } from './build-folder.ts'
import { type Docker, lastLine } from './docker.ts'

const otherImage =
  'Name another image of the same platform as `mesos.image`, or give eggs as `mesos.eggs` in the cluster file.'

/**
 * The id of the platform's image, once it is seen that programs of it run here and that it is of that platform.
 * Old images die at once (139) on kernels without vsyscall emulation: better said before a build than after it.
 */
export async function platformImage(docker: Docker, image: string, release: string): Promise<string> {
  const says = '. /etc/os-release && echo "$ID-$VERSION_ID"'
  const { exitCode, stdout, stderr } = await docker.try(image, ['bash', '-c', says])
  if (exitCode === 139)
    refuse(
      `Programs of ${image} crash on this machine's kernel, which has no vsyscall emulation.`,
      'Start the kernel with `vsyscall=emulate`, or give eggs built elsewhere as `mesos.eggs` in the cluster file.',
    )
  if (exitCode !== 0) refuse(`Docker cannot run ${image}: ${lastLine(stderr)}`, otherImage)
  if (lastLine(stdout) !== release)
    refuse(
      `The eggs are for ${release}, but ${image} is ${lastLine(stdout)}: what is built there need not run on the slaves.`,
      otherImage,
    )
  return (await docker.idOf(image)) ?? refuse(`Docker has run ${image}, but does not know it.`, otherImage)
}

interface Preparation {
  /** Id of the image to start from. */
  base: string
  packages: string[]
  /** Local folder of what is needed to install them. */
  folder: string
  /** Not to be taken from an earlier build. */
  fresh: boolean
}

/** An image with these packages. It is kept from build to build, and made anew for another base, list or script. */
export async function imageWith(docker: Docker, preparation: Preparation): Promise<string> {
  const { base, packages, folder, fresh } = preparation
  if (packages.length === 0) return base
  const image = `aurora-mesosphere-eggs:${await digestOf(preparation)}`
  const kept = fresh ? undefined : await docker.idOf(image)
  if (kept) return kept
  const install = ['bash', `${inBuild.prepare}/prepare_container.sh`, ...packages]
  const container = await docker.create(base, install)
  await docker.copyIn(folder, container, inBuild.prepare)
  await docker.start(container)
  await docker.commit(container, image)
  return (await docker.idOf(image))!
}

async function digestOf({ base, packages, folder }: Preparation): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([base, packages]))
  for (const name of (await readdir(folder)).sort())
    hash.update(`${name}\0`).update(await readFile(join(folder, name)))
  return hash.digest('hex').slice(0, 24)
}
