import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunContext, refuse, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { mesosSource } from './downloads/sources.ts'
import { buildScripts, copyEggs } from './eggs/build-folder.ts'
import { builtElsewhere, imageNote, noteImage } from './eggs/built-elsewhere.ts'
import { buildInDocker, type Container } from './eggs/docker-builder.ts'
import { buildInFolder } from './eggs/folder-builder.ts'
import { chooseEggs, modulesOf } from './eggs/mesos-eggs.ts'
import { architectures } from './known/architectures.ts'
import { buildPackages, platformOf, releaseAndArchitecture, slavePackages } from './known/platforms.ts'

const folder = 'dist/eggs'

export const buildMesosEggs = task<Config>({
  module: import.meta.url,
  name: 'build-mesos-eggs-in-docker',
  description: "Build Mesos' Python eggs for the slaves' platform, or check those that are given",
  inputs: ({ config }) => (config.mesos.eggs ? givenEggs(config) : sourceRelease(config)),
  outputs: ({ config }) => ({
    files: [`${folder}/*.egg`, ...(inDocker(config) ? [`${folder}/${imageNote}`] : [])],
  }),
  timeout: '3h',
  probe: ({ config, root, signal }) =>
    inDocker(config) ? builtElsewhere(join(root, folder), signal) : Promise.resolve([]),
  async run(context) {
    const { config, root } = context
    const { eggs } = config.mesos
    if (eggs) {
      const chosen = chooseEggs(await namesIn(root, eggs), config, eggs)
      await copyEggs(join(root, eggs), join(root, folder), chosen)
    } else await build(context)
  },
})

function inDocker({ mesos }: Config): boolean {
  return !mesos.eggs && mesos.builder === 'docker'
}

async function namesIn(root: string, folder: string): Promise<string[]> {
  try {
    return await readdir(join(root, folder))
  } catch (error) {
    return refuse(
      `The folder of eggs that \`mesos.eggs\` names, ${folder}, cannot be read: ${(error as Error).message}.`,
      'Put the eggs there (mesos, mesos.interface, mesos.native and what else Mesos makes), or leave `mesos.eggs` out to have them built.',
    )
  }
}

function givenEggs({ mesos }: Config) {
  return {
    files: [`${mesos.eggs}/*.egg`],
    values: { version: mesos.version, platform: mesos.platform },
  }
}

function sourceRelease(config: Config) {
  const { version, platform, builder } = config.mesos
  return {
    files: buildScripts,
    values: {
      version,
      platform,
      builder,
      ...(builder === 'docker' ? { container: { ...containerOf(config) } } : {}),
      flags: flags(config),
      modules: modulesOf(config),
    },
    downloads: [mesosSource(config)],
  }
}

async function build(context: RunContext<Config>): Promise<void> {
  const { config, root, download, warn } = context
  const container = config.mesos.builder === 'folder' ? undefined : usableContainer(config)
  const source = await download(mesosSource(config).name)
  const release = { root, source, flags: flags(config), modules: modulesOf(config) }
  const into = join(root, folder)
  if (!container) return buildInFolder(context, release, into)
  const check = (names: string[]) => void chooseEggs(names, config, folder)
  const id = await buildInDocker(context, release, container, { check, into })
  await noteImage(into, container.image, id)
  if (!container.image.includes('sha256:'))
    warn(
      `\`${container.image}\` may be another image tomorrow. Today it is ${id}: pin it by its digest, as \`mesos.image\` in the cluster file.`,
    )
}

function usableContainer(config: Config): Container {
  const { image, platform } = config.mesos
  const known = containerOf(config)
  if (!known.image)
    refuse(
      `No Docker image is known for the platform \`${platform}\`.`,
      'Name one as `mesos.image` in the cluster file, or give eggs that you have as `mesos.eggs`.',
    )
  if (!image && platformOf(config)?.packages.python.length === 0)
    refuse(
      `${platform} has no packages of Python 2.7, which Mesos' eggs need.`,
      'Give eggs that you have as `mesos.eggs` in the cluster file, or an image that has Python 2.7, its headers and setuptools as `mesos.image`.',
    )
  return known
}

/** All that decides what the eggs are built in. */
function containerOf(config: Config): Container {
  const { mesos } = config
  const known = platformOf(config)
  const { release, architecture } = releaseAndArchitecture(mesos.platform)
  return {
    image: mesos.image ?? known?.image ?? '',
    platform: architectures[architecture].docker,
    release,
    aptSources: mesos.aptSources ?? known?.aptSources ?? [],
    packages: {
      eggs: known ? buildPackages(known) : [],
      runtime: known ? slavePackages(known) : [],
    },
  }
}

function flags(config: Config): Record<string, string> {
  return config.mesos.flags ?? platformOf(config)?.flags ?? {}
}
