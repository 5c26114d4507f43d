import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunContext } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { type Build, buildEnvironment, copyEggs, inBuild, withBuildFolder } from './build-folder.ts'
import { Docker } from './docker.ts'
import { imageWith, platformImage } from './docker-images.ts'

export interface Container {
  image: string
  /** `linux/amd64` */
  platform: string
  /** What the image says that it is: `debian-7`. */
  release: string
  /** Lines of sources.list, in place of the image's own where there are any. */
  aptSources: string[]
  /** Packages to build the eggs, and to import them as a slave would. */
  packages: { eggs: string[]; runtime: string[] }
}

export interface Wanted {
  /** Refuses eggs by their names. */
  check(names: string[]): void
  /** Absolute path of the folder that they are put into. */
  into: string
}

type Context = Pick<RunContext<Config>, '$' | 'log' | 'root' | 'fresh' | 'signal'>

/**
 * Builds the eggs in a container, and imports them in another that has only what a slave has.
 * @returns the id of the image that both were made from
 */
export async function buildInDocker(
  context: Context,
  build: Build,
  container: Container,
  { check, into }: Wanted,
): Promise<string> {
  const { log, signal } = context
  const { image, aptSources, packages } = container
  const docker = new Docker(context, container.platform)
  await docker.needToAnswer()
  return leavingNoContainer(docker, signal, async () => {
    const base = await platformImage(docker, image, container.release)
    await withBuildFolder(build, async (folder) => {
      const workshop = new Workshop(docker, context, build, base, folder)
      await workshop.useSources(aptSources)
      log(`Building in a container of ${image}`)
      const builder = await workshop.build(packages.eggs)
      check(await readdir(workshop.eggs))
      log(`Importing the eggs in a container of ${image} that has only what a slave has`)
      const slave = await workshop.import(packages.runtime)
      await copyEggs(workshop.eggs, into)
      docker.removeContainers()
      await docker.keepImages([base, builder, slave])
    })
    return base
  })
}

/** What a killed run left goes first, what this one makes goes at its end; a run that is ended does not wait for that. */
async function leavingNoContainer<T>(
  docker: Docker,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  docker.removeContainers()
  signal.addEventListener('abort', docker.removeContainers)
  try {
    return await work()
  } finally {
    signal.removeEventListener('abort', docker.removeContainers)
    docker.removeContainers()
  }
}

/** The build folder and the containers that are made from it. */
class Workshop {
  readonly eggs: string
  readonly #docker: Docker
  readonly #fresh: boolean
  readonly #base: string
  readonly #folder: string
  readonly #variables: string[]

  constructor(docker: Docker, { fresh }: Context, build: Build, base: string, folder: string) {
    this.#docker = docker
    this.#fresh = fresh
    this.#base = base
    this.#folder = folder
    this.#variables = Object.entries(buildEnvironment(build)).flatMap(asOption)
    this.eggs = join(folder, inBuild.eggs)
  }

  async useSources(lines: string[]): Promise<void> {
    if (lines.length > 0)
      await writeFile(join(this.#folder, inBuild.prepare, 'sources.list'), `${lines.join('\n')}\n`)
  }

  /** @returns the id of the image, with these packages, in which the eggs were built */
  async build(packages: string[]): Promise<string> {
    const image = await this.#imageWith(packages)
    const cache = await this.#docker.volume('compiler-cache', this.#fresh)
    const container = await this.#container(image, 'build_mesos_eggs.sh', [
      ...asOption(['CCACHE_DIR', '/ccache']),
      ...['--mount', `type=volume,source=${cache},target=/ccache`],
    ])
    await this.#docker.start(container)
    await mkdir(this.eggs)
    await this.#docker.copyOut(container, inBuild.eggs, this.eggs)
    return image
  }

  /** @returns the id of the image, with these packages, in which the eggs were imported */
  async import(packages: string[]): Promise<string> {
    const image = await this.#imageWith(packages)
    const container = await this.#container(image, 'import_mesos_eggs.sh')
    await this.#docker.copyIn(this.eggs, container, inBuild.eggs)
    await this.#docker.start(container)
    return image
  }

  #imageWith(packages: string[]): Promise<string> {
    const folder = join(this.#folder, inBuild.prepare)
    return imageWith(this.#docker, { base: this.#base, packages, folder, fresh: this.#fresh })
  }

  async #container(image: string, script: string, options: string[] = []): Promise<string> {
    const command = ['bash', `${inBuild.work}/${script}`]
    const container = await this.#docker.create(image, command, [...this.#variables, ...options])
    await this.#docker.copyIn(join(this.#folder, inBuild.work), container, inBuild.work)
    return container
  }
}

function asOption([name, value]: [string, string]): string[] {
  return ['--env', `${name}=${value}`]
}
