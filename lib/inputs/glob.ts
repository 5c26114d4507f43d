import fastGlob from 'fast-glob'
import picomatch from 'picomatch'
import { expandBraces } from '../model/braces.ts'
import { normalPattern } from '../model/pattern.ts'

/** Whether a path, from the root, is one that a glob means. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const options = { dot: true, posix: true, strictSlashes: true }
  const matching = alternatives(pattern).map((one) => picomatch(literally(one), options))
  return (path) => matching.some((matches) => matches(path))
}

/** The files and links that a glob means, from the root: exactly those that its matcher matches. */
export function listGlob(pattern: string, root: string, ignore: string[]): string[] {
  const matches = globMatcher(pattern)
  const listed = alternatives(pattern).flatMap((one) => list(widely(one), root, ignore))
  return [...new Set(listed)].filter(matches)
}

/** All files and links in a folder. */
export function listFolder(folder: string, root: string, ignore: string[]): string[] {
  return list(folder === '.' ? '**' : `${fastGlob.escapePath(folder)}/**`, root, ignore)
}

function alternatives(pattern: string): string[] {
  return expandBraces(pattern).map(normalPattern)
}

/** A class, a group of alternatives, or a character that is a wildcard to the libraries and none to us. */
const tokens = /\[[^\]]*\]|[@+!?*]\((?:\[[^\]]*\]|[^()[\]])*\)|[()+]|\?/g

function literally(glob: string): string {
  return glob.replace(tokens, (token) => (/^[()+]$/.test(token) ? `\\${token}` : token))
}

/** Means at least what the glob does. To fast-glob, a folder with no wildcard but `?` is one of that very name. */
function widely(glob: string): string {
  return glob.replace(tokens, (token) => (token === '?' ? '*' : /^[()+]$/.test(token) ? `\\${token}` : token))
}

function list(pattern: string, root: string, ignore: string[]): string[] {
  const options = { dot: true, followSymbolicLinks: false, onlyFiles: false, objectMode: true } as const
  try {
    return fastGlob
      .sync(pattern, { ...options, cwd: root, ignore })
      .filter(({ dirent }) => dirent.isFile() || dirent.isSymbolicLink())
      .map(({ path }) => path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [] // below a file there is nothing
    throw error
  }
}
