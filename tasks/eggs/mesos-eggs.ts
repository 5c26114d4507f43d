import { refuse } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { releaseOf } from '../known/aurora-releases.ts'
import { releaseAndArchitecture } from '../known/platforms.ts'

/** The eggs among the files of a folder that the deployment uses; refused when they are not of the cluster's Mesos. */
export function chooseEggs(files: string[], config: Config, folder: string): string[] {
  const { mesos } = config
  const wanted = {
    version: mesos.version,
    linked: releaseOf(config).linked,
    platform: `linux-${releaseAndArchitecture(mesos.platform).architecture}`,
  }
  const eggs = files.filter((file) => /^(mesos|protobuf).*\.egg$/.test(file)).sort()
  for (const egg of eggs) {
    const problem = problemOf(egg, wanted)
    if (problem) refuse(`\`${folder}/${egg}\` ${problem}.`, mesos.eggs ? otherEggs : otherRelease)
  }
  for (const needed of modulesOf(config))
    if (!eggs.some((egg) => egg.startsWith(`${needed}-`)))
      refuse(
        `\`${folder}\` has no \`${needed}-${mesos.version}-py2.7….egg\`; it has ${eggs.length ? eggs.join(', ') : 'no eggs'}.`,
        `The executors need both \`mesos.interface\` and \`${wanted.linked}\`.`,
      )
  return eggs
}

/** What executors import of Mesos: an egg each. */
export function modulesOf(config: Config): string[] {
  return ['mesos.interface', releaseOf(config).linked]
}

const otherEggs =
  'Give eggs built from that very version on that very platform (and do not rename them), or remove `mesos.eggs` from the cluster file to have them built.'
const otherRelease =
  'This is what the source release was built to: see whether `mesos.source` is of that version, and `mesos.image` of that platform.'

interface Wanted {
  version: string
  linked: string
  platform: string
}

/** Where Mesos has `mesos.executor`, `mesos.native` is no more than a name for it and its like. */
const mayBeBound = ['mesos.native', 'mesos.executor', 'mesos.scheduler']

/** Egg names say `<name>-<version>-py<Python>[-<platform>].egg`; those with machine code are bound to a platform. */
function problemOf(egg: string, { version, linked, platform: its }: Wanted): string | undefined {
  const match = /^(.+?)-([^-]+(?:-rc\d+)?)-py(\d\.\d+)(?:-(.+))?\.egg$/.exec(egg)
  if (!match) return 'has no name that an egg has'
  const [, name, itsVersion, python, platform] = match
  if (python !== '2.7') return `is for Python ${python}; Aurora needs Python 2.7`
  if (name === 'protobuf') return undefined
  if (itsVersion !== version) return `is of Mesos ${itsVersion}; the cluster has Mesos ${version}`
  if (!mayBeBound.includes(name!))
    return platform ? `is bound to ${platform}, which only \`${linked}\` should be` : undefined
  if (platform === its || (!platform && name !== linked)) return undefined
  return `is built for ${platform ?? 'no platform'}; the slaves are ${its}`
}
