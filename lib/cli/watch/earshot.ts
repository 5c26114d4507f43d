import { realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { matcher } from '../../inputs/find-files.ts'
import { isGlob, patternsOverlap } from '../../model/pattern.ts'
import type { Declared } from './declared.ts'

/** Where to listen. Too much of it costs time, too little would miss a change: what changed is found out otherwise. */
export interface Earshot {
  /** Absolute paths: all else lies in these. */
  folders: string[]
  /** Whether a declared file is or could come to be somewhere in a folder. Where that is hard to tell, yes. */
  covers(folder: string): boolean
}

export function earshot(root: string, declared: Declared): Earshot {
  const patterns = patternsOf(declared)
  const places = placesOf(root, patterns)
  const leads = leadsTo(patterns, declared.outputs)
  return {
    folders: places.map(({ folder }) => folder),
    covers: (path) => namesOf(path, places).some(leads),
  }
}

interface Place {
  folder: string
  /** What the tasks call it, from the root. */
  name: string
}

/** The root, and folders that are reached from it only through `..` or a link: these are not heard from the root. */
function placesOf(root: string, patterns: string[]): Place[] {
  const names = [...new Set(patterns.map(fixedFolder))]
  const elsewhere = names.flatMap((name) => {
    const folder = realPath(join(root, name))
    return folder && (name.startsWith('..') || folder !== join(root, name)) ? [{ folder, name }] : []
  })
  return [{ folder: root, name: '' }, ...elsewhere]
}

/** Every name that a path has from the root. */
function namesOf(path: string, places: Place[]): string[] {
  const within = places.filter(({ folder }) => isWithin(path, folder))
  return within.map(({ folder, name }) => join(name, relative(folder, path)))
}

/** Whether what patterns mean could lie in a folder that is named from the root. */
function leadsTo(patterns: string[], outputs: string[][]): (folder: string) => boolean {
  const onlyMade = matcher(wholeFolders(outputs))
  const isOnTheWay = (folder: string) => patterns.some((pattern) => isWithin(pattern, folder))
  const mayHold = (folder: string) =>
    patterns.some((pattern) => isWithin(folder, pattern) || patternsOverlap(pattern, `${folder}/**`))
  return (folder) =>
    folder === '.' || isOnTheWay(folder) || (!onlyByName.test(folder) && !onlyMade(folder) && mayHold(folder))
}

/** In these, and outside of the root, only a file counts that is declared by its very path. */
const onlyByName = /^\.\.|(^|\/)(\.cache|\.git|node_modules)(\/|$)/

/** Those of the patterns that leave nothing in a folder to others. */
function wholeFolders(outputs: string[][]): string[] {
  const without = outputs.filter((patterns) => !patterns.some((pattern) => pattern.startsWith('!')))
  return without.flat().filter((pattern) => !isGlob(pattern) || pattern.endsWith('/**'))
}

function patternsOf({ inputs, sources }: Declared): string[] {
  const included = inputs.flat().filter((pattern) => !pattern.startsWith('!'))
  return [...new Set([...included.map((pattern) => (pattern === '.' ? '**' : pattern)), ...sources])]
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** `src` of `src/**` and of `src/a.c`; `.` of `*.c`. */
function fixedFolder(pattern: string): string {
  const parts = pattern.split('/')
  const wild = parts.findIndex(isGlob)
  return parts.slice(0, wild < 0 ? -1 : wild).join('/') || '.'
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
