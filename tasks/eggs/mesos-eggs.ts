import { refuse } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { releaseAndArchitecture } from '../known/platforms.ts'

/** The eggs among the files of a folder that the deployment uses; refused when they are not of the cluster's Mesos. */
export function chooseEggs(files: string[], { mesos }: Config, folder: string): string[] {
  const eggs = files.filter((file) => /^(mesos|protobuf).*\.egg$/.test(file)).sort()
  for (const egg of eggs) {
    const problem = problemOf(egg, mesos.version, releaseAndArchitecture(mesos.platform).architecture)
    if (problem) refuse(`\`${folder}/${egg}\` ${problem}.`, mesos.eggs ? otherEggs : otherRelease)
  }
  for (const needed of ['mesos.interface', 'mesos.native'])
    if (!eggs.some((egg) => egg.startsWith(`${needed}-`)))
      refuse(
        `\`${folder}\` has no \`${needed}-${mesos.version}-py2.7….egg\`; it has ${eggs.length ? eggs.join(', ') : 'no eggs'}.`,
        'The executors need both `mesos.interface` and `mesos.native`.',
      )
  return eggs
}

const otherEggs =
  'Give eggs built from that very version on that very platform (and do not rename them), or remove `mesos.eggs` from the cluster file to have them built.'
const otherRelease =
  'This is what the source release was built to: see whether `mesos.source` is of that version, and `mesos.image` of that platform.'

/** Egg names say `<name>-<version>-py<Python>[-<platform>].egg`; only `mesos.native` is bound to a platform. */
function problemOf(egg: string, version: string, architecture: string): string | undefined {
  const match = /^(.+?)-([^-]+(?:-rc\d+)?)-py(\d\.\d+)(?:-(.+))?\.egg$/.exec(egg)
  if (!match) return 'has no name that an egg has'
  const [, name, itsVersion, python, platform] = match
  if (python !== '2.7') return `is for Python ${python}; Aurora needs Python 2.7`
  if (name === 'protobuf') return undefined
  if (itsVersion !== version) return `is of Mesos ${itsVersion}; the cluster has Mesos ${version}`
  if (name !== 'mesos.native')
    return platform ? `is bound to ${platform}, which only \`mesos.native\` should be` : undefined
  if (platform !== `linux-${architecture}`)
    return `is built for ${platform ?? 'no platform'}; the slaves are linux-${architecture}`
  return undefined
}
