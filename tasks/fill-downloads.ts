import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { type Download, task } from '../lib/index.ts'
import type { Config } from './config.ts'
import { pythonPackages } from './downloads/python-packages.ts'
import {
  auroraSource,
  gradleRelease,
  hasGradleDigest,
  mavenRepository,
  mesosSource,
  thriftRelease,
} from './downloads/sources.ts'

export const fillDownloads = task<Config>({
  module: import.meta.url,
  name: 'fill-downloads',
  description:
    'Fill the folder `downloads` with all that a deployment takes from outside, for a site without a network',
  always: true,
  inputs: { downloads: ({ config }) => all(config) },
  async run({ config, root, download, log, warn }) {
    const folder = resolve(root, config.downloads.folder)
    const failures: unknown[] = []
    const sums: string[] = []
    for (const one of all(config)) {
      const target = resolve(root, one.folder ?? config.downloads.folder, one.name)
      const place = relative(folder, target)
      try {
        sums.push(`${await put(await download(one.name), target)}  ${place}\n`)
      } catch (error) {
        log(`${place} is missing`)
        failures.push(error)
      }
    }
    await writeFile(join(folder, 'SHA256SUMS'), sums.sort().join(''))
    if (failures.length > 0) throw failures[0]
    log(`${config.downloads.folder} holds ${sums.length} files, with their digests in SHA256SUMS`)
    if (!hasGradleDigest(config)) warn(noGradle(config))
    if (!mavenRepository(config)) warn(noMaven)
  },
})

const noGradle = ({ aurora }: Config) =>
  `Gradle ${aurora.gradle.version} is not among them, since no digest of it is known: give the SHA-256 of gradle-${aurora.gradle.version}-bin.zip as \`aurora.gradle.sha256\` in the cluster file.`

const noMaven =
  'What Gradle takes from Maven repositories is not among them. Without a network, make an archive of it as `tasks/README.md` says, and give it as `downloads.maven` in the cluster file.'

/** @returns the SHA-256 of the file that is in place now */
async function put(source: string, target: string): Promise<string> {
  const bytes = await readFile(source)
  const there = await readFile(target).catch(() => undefined)
  if (!there?.equals(bytes)) {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(`${target}.new`, bytes)
    await rename(`${target}.new`, target)
  }
  return createHash('sha256').update(bytes).digest('hex')
}

function all(config: Config): Download[] {
  const some = [hasGradleDigest(config) ? gradleRelease(config) : undefined, mavenRepository(config)].filter(
    (download) => download !== undefined,
  )
  return [
    mesosSource(config),
    auroraSource(config),
    thriftRelease(config),
    ...some,
    ...pythonPackages(config),
  ]
}
