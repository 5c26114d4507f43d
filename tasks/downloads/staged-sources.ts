import type { Download } from '../../lib/index.ts'
import type { Config } from '../config.ts'
import { stage } from '../known/layout.ts'
import { packageSets, pythonPackages } from './python-packages.ts'
import { auroraSource, gradleSource, mavenRepository, thriftRelease } from './sources.ts'

export interface StagedSource {
  download: Download
  /** Where it is put on the master. */
  folder: string
  /** What it is called there. */
  name: string
}

/** What the master builds from: what the cluster file gives, and all that the builds would download themselves. */
export function stagedSources(config: Config): StagedSource[] {
  const given = [auroraSource(config), gradleSource(config), mavenRepository(config)]
    .filter((download) => download !== undefined)
    .map((download) => beside(download))
  return config.downloads.ship ? [...given, ...shipped(config)] : given
}

function shipped(config: Config): StagedSource[] {
  const thrift = thriftRelease(config)
  const others = packageSets.filter((set) => set !== 'virtualenv')
  return [
    beside(thrift, thrift.name.replace('apache-', '')),
    ...pythonPackages(config, ['virtualenv']).map((download) => beside(download)),
    ...pythonPackages(config, others).map((download) => ({
      download,
      folder: `${stage.sources}/python`,
      name: download.name,
    })),
  ]
}

function beside(download: Download, name = download.name): StagedSource {
  return { download, folder: stage.sources, name }
}
