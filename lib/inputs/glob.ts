import picomatch from 'picomatch'
import { expandBraces } from '../model/braces.ts'
import { isGlob, normalPattern } from '../model/pattern.ts'
import type { Folders } from './folders.ts'

/** What a glob says of one name of a path: the name itself, any number of names, or those that pass a test. */
type Segment = string | typeof anyDepth | ((name: string) => boolean)

const anyDepth = Symbol('**')

/** Whether a path, from the root, is one that a glob means. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const globs = segmentLists(pattern)
  return (path) => {
    const names = path.split('/')
    return globs.some((segments) => matches(names, segments))
  }
}

/** The files and links that a glob means, from the root: exactly those that its matcher matches. Of links to folders,
 *  only those before its first wildcard are followed: these it names. */
export function listGlob(pattern: string, folders: Folders): string[] {
  const paths = segmentLists(pattern).flatMap((segments) => {
    const wild = segments.findIndex((segment) => typeof segment !== 'string')
    const start = wild < 0 ? segments.length - 1 : wild
    return list(folders, segments.slice(0, start).join('/') || '.', segments.slice(start))
  })
  return paths
}

function list(folders: Folders, folder: string, segments: Segment[]): string[] {
  const [segment, ...others] = segments
  if (segment === anyDepth)
    return folders
      .below(folder)
      .filter((path) => matches(path.split('/'), segments))
      .map((path) => inside(folder, path))
  const entries = folders.in(folder)
  const isMeant = (name: string) => isNameOf(segment!, name)
  return others.length === 0
    ? entries.files.filter(isMeant).map((name) => inside(folder, name))
    : entries.folders.filter(isMeant).flatMap((name) => list(folders, inside(folder, name), others))
}

function inside(folder: string, path: string): string {
  return folder === '.' ? path : `${folder}/${path}`
}

function matches(names: string[], segments: Segment[], name = 0, place = 0): boolean {
  const segment = segments[place]
  if (segment === undefined) return name === names.length
  if (name === names.length) return false
  if (segment !== anyDepth)
    return isNameOf(segment, names[name]!) && matches(names, segments, name + 1, place + 1)
  if (place === segments.length - 1) return true
  return matches(names, segments, name, place + 1) || matches(names, segments, name + 1, place)
}

function isNameOf(segment: Exclude<Segment, typeof anyDepth>, name: string): boolean {
  return typeof segment === 'string' ? segment === name : segment(name)
}

/** Of the same patterns, again and again. */
function segmentLists(pattern: string): Segment[][] {
  const lists =
    known.get(pattern) ?? expandBraces(pattern).map((glob) => normalPattern(glob).split('/').map(segmentOf))
  known.set(pattern, lists)
  return lists
}

const known = new Map<string, Segment[][]>()

function segmentOf(text: string): Segment {
  if (text === '**') return anyDepth
  if (!isGlob(text)) return text
  if (text === '*') return () => true
  return picomatch(literally(text), { dot: true, posix: true })
}

/** Classes and groups are left as they are; what is a wildcard to the library and none to us becomes text. */
function literally(glob: string): string {
  return glob.replace(/\[[^\]]*\]|[@+!?*]\((?:\[[^\]]*\]|[^()[\]])*\)|[()+]/g, (token) =>
    /^[()+]$/.test(token) ? `\\${token}` : token,
  )
}
