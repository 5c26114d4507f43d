import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunContext, refuse, task } from '../lib/index.ts'
import { buildScripts, copyEggs } from './build-folder.ts'
import type { Config } from './config.ts'
import { buildInDocker, type Container } from './docker-builder.ts'
import { buildInFolder } from './folder-builder.ts'
import { chooseEggs } from './mesos-eggs.ts'
import { platformOf } from './platforms.ts'
import { mesosSource } from './sources.ts'

const folder = 'dist/eggs'

export const buildMesosEggs = task<Config>({
  module: import.meta.url,
  name: 'build-mesos-eggs-in-docker',
  description: "Build Mesos' Python eggs for the slaves' platform, or check those that are given",
  inputs: ({ config }) => (config.mesos.eggs ? givenEggs(config) : sourceRelease(config)),
  outputs: { files: [`${folder}/*.egg`] },
  timeout: '3h',
  async run(context) {
    const { config, root } = context
    const { eggs } = config.mesos
    if (eggs) {
      const chosen = chooseEggs(await namesIn(root, eggs), config, eggs)
      await copyEggs(join(root, eggs), join(root, folder), chosen)
    } else await build(context)
  },
})

async function namesIn(root: string, folder: string): Promise<string[]> {
  try {
    return await readdir(join(root, folder))
  } catch (error) {
    return refuse(
      `The folder of eggs that \`mesos.eggs\` names, ${folder}, cannot be read: ${(error as Error).message}.`,
      'Put the eggs there (mesos, mesos.interface, mesos.native), or leave `mesos.eggs` out to have them built.',
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
      ...(builder === 'docker' ? container(config) : {}),
      flags: flags(config),
    },
    downloads: [mesosSource(config)],
    // Where Docker is decides nothing that Docker makes.
    secrets: ['DOCKER_HOST'],
  }
}

async function build(context: RunContext<Config>): Promise<void> {
  const { config, root, download } = context
  const { builder, tools } = config.mesos
  const release = { root, source: await download(mesosSource(config).name), flags: flags(config) }
  if (builder === 'folder') return buildInFolder(context, release, tools, join(root, folder))
  await buildInDocker(context, release, usableContainer(config), join(root, folder))
}

function usableContainer(config: Config): Container {
  const { image, platform } = config.mesos
  const known = container(config)
  if (!known.image)
    refuse(
      `No Docker image is known for the platform \`${platform}\`.`,
      'Name one as `mesos.image` in the cluster file, or give eggs that you have as `mesos.eggs`.',
    )
  if (!image && known.packages.eggs.length === 0)
    refuse(
      `${platform} has no packages of Python 2.7, which Mesos' eggs need.`,
      'Give eggs that you have as `mesos.eggs` in the cluster file, or an image that has Python 2.7, its headers and setuptools as `mesos.image`.',
    )
  return known
}

function container(config: Config): Container {
  const known = platformOf(config)
  const { eggs = [], runtime = [] } = known?.packages ?? {}
  return { image: config.mesos.image ?? known?.image ?? '', packages: { eggs, runtime } }
}

function flags(config: Config): Record<string, string> {
  return platformOf(config)?.flags ?? {}
}
