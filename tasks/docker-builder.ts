import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunContext, refuse } from '../lib/index.ts'
import { type Build, buildEnvironment, copyEggs, inBuild, withBuildFolder } from './build-folder.ts'
import type { Config } from './config.ts'

export interface Container {
  image: string
  /** Packages to build the eggs, and to import them as a slave would. */
  packages: { eggs: string[]; runtime: string[] }
}

/** Builds the eggs in a container, and imports them in another that has only what a slave has. */
export async function buildInDocker(
  { $, log }: RunContext<Config>,
  build: Build,
  { image, packages }: Container,
  into: string,
): Promise<void> {
  await needDocker($)
  const label = labelOf(build.root)
  removeContainers(label)
  try {
    await needImage($, image, label)
    await withBuildFolder(build, async (folder) => {
      const eggs = join(folder, inBuild.eggs)
      const mounted = [
        '--mount',
        `type=bind,source=${join(folder, inBuild.work)},target=${inBuild.work},readonly`,
      ]
      const variables = Object.entries(buildEnvironment(build)).flatMap(([name, value]) => [
        '--env',
        `${name}=${value}`,
      ])
      const common = ['--label', label, ...variables, ...mounted]
      log(`Building in a container of ${image}`)
      const builder = `${label.replace('=', '-')}-build`
      await $`docker run --name ${builder} ${common} ${image} bash ${inBuild.work}/build_mesos_eggs.sh ${packages.eggs}`
      await mkdir(eggs)
      await $`docker cp ${builder}:${inBuild.eggs}/. ${eggs}`
      log(`Importing the eggs in a clean container of ${image}`)
      const eggsMounted = ['--mount', `type=bind,source=${eggs},target=${inBuild.eggs},readonly`]
      await $`docker run ${common} ${eggsMounted} ${image} bash ${inBuild.work}/import_mesos_eggs.sh ${packages.runtime}`
      await copyEggs(eggs, into)
    })
  } finally {
    removeContainers(label)
  }
}

async function needDocker($: RunContext<Config>['$']): Promise<void> {
  const { exitCode, stderr } = await $`docker version --format ${'{{.Server.Version}}'}`.nothrow().quiet()
  if (exitCode !== 0)
    refuse(
      `Mesos' eggs are built in Docker, and Docker does not answer here: ${stderr.trim().split('\n').at(-1)}`,
      'Either install Docker and start it, or give eggs that you have: `mesos: { eggs: ./my-eggs }` in the cluster file.',
    )
}

/** Old images die at once (139) on kernels without vsyscall emulation: better said before than after a build. */
async function needImage($: RunContext<Config>['$'], image: string, label: string): Promise<void> {
  const { exitCode, stderr } = await $`docker run --label ${label} ${image} bash -c true`.nothrow()
  if (exitCode === 139)
    refuse(
      `Programs of ${image} crash on this machine's kernel, which has no vsyscall emulation.`,
      'Start the kernel with `vsyscall=emulate`, or give eggs built elsewhere as `mesos.eggs` in the cluster file.',
    )
  if (exitCode !== 0)
    refuse(
      `Docker cannot run ${image}: ${stderr.trim().split('\n').at(-1)}`,
      'Name another image of the same platform as `mesos.image`, or give eggs as `mesos.eggs` in the cluster file.',
    )
}

/** One label for a workspace: what a killed run of it left is found and removed by its next. */
function labelOf(root: string): string {
  return `aurora-mesosphere-eggs=${createHash('sha256').update(root).digest('hex').slice(0, 12)}`
}

/** Not by `$`, which ends with the run: a cancelled build removes its containers, too. */
function removeContainers(label: string): void {
  const { stdout } = spawnSync('docker', ['ps', '--all', '--quiet', '--filter', `label=${label}`], {
    encoding: 'utf8',
  })
  const containers = stdout.split('\n').filter(Boolean)
  if (containers.length > 0) spawnSync('docker', ['rm', '--force', '--volumes', ...containers])
}
