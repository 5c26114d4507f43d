import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { wordsOfAurora } from './versions.ts'

export interface Release {
  /** As upstream names the archive. */
  name: string
  bytes: Buffer
  sha256: string
}

/** The miniature Mesos of any version, as a source release. */
export function mesosRelease(version: string): Promise<Release> {
  return release('mesos', `mesos-${version}`, { '@VERSION@': version })
}

/** The miniature Aurora, which wants the eggs of one version of Mesos. */
export function auroraRelease(version: string, mesos: string): Promise<Release> {
  return release('aurora', `apache-aurora-${version}`, {
    '@VERSION@': version,
    '@MESOS_VERSION@': mesos,
    ...wordsOfAurora(version),
  })
}

/** What the miniature Aurora's build takes from Maven repositories, archived as an operator does it. */
export function mavenRepository(): Promise<Release> {
  return release('maven', 'maven-repository', {}, '.')
}

async function release(
  tree: string,
  name: string,
  words: Record<string, string>,
  top = name,
): Promise<Release> {
  const bytes = compressed(await archive(fileURLToPath(new URL(tree, import.meta.url)), top, words))
  return { name: `${name}.tar.gz`, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** The same tree gives the same bytes: names sorted, owner and time fixed, of the modes only the executable bit. */
async function archive(tree: string, top: string, words: Record<string, string>): Promise<Buffer> {
  const tar = pack()
  const bytes = buffer(tar)
  for (const path of await pathsIn(tree)) {
    const name = `${top}/${relative(tree, path)}`
    const common = { name, mtime: new Date('2015-02-05T00:00:00Z'), uid: 0, gid: 0 }
    const link = await linkWithin(tree, path)
    if (link) tar.entry({ ...common, type: 'symlink', linkname: link, mode: 0o777 })
    else {
      const mode = (await stat(path)).mode & 0o100 ? 0o755 : 0o644
      tar.entry({ ...common, mode }, filled(await readFile(path, 'utf8'), words))
    }
  }
  tar.finalize()
  return bytes
}

async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Links within the tree stay links. Those that lead out of it, to what the miniatures share, become files. */
async function linkWithin(tree: string, path: string): Promise<string | undefined> {
  if (!(await lstat(path)).isSymbolicLink()) return undefined
  const target = await readlink(path)
  return relative(tree, resolve(dirname(path), target)).startsWith('..') ? undefined : target
}

function filled(text: string, words: Record<string, string>): string {
  return Object.entries(words).reduce((result, [word, value]) => result.replaceAll(word, value), text)
}

/** Stored, not compressed, and without the system's mark: builds of zlib differ in both, and the digest must not. */
function compressed(tar: Buffer): Buffer {
  const bytes = gzipSync(tar, { level: 0 })
  bytes[9] = 255
  return bytes
}
