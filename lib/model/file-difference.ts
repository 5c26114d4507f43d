import type { FileMark } from './action.ts'
import { addTo } from './add-to.ts'
import type { Differing } from './differing.ts'
import { differing } from './differing.ts'
import type { Reason } from './reason.ts'

/** Which files changed, came and went; a content that merely moved is followed to where it went. */
export function differenceOfFiles(
  before: Record<string, FileMark>,
  after: Record<string, FileMark>,
): Reason[] {
  const differences = differing(before, after)
  const origin = origins(differences)
  return differences.map(({ name: path, was, is }): Reason => {
    const from = origin.get(path)
    const moved = from !== undefined && { from }
    if (was === undefined) return { kind: 'input-added', path, ...moved }
    if (is === undefined) return { kind: 'input-removed', path }
    return { kind: 'input-changed', path, ...moved, ...modeOnly(was, is) }
  })
}

/** Where what now lies at a path lay before. Each place that lost its content gives it to one place only. */
function origins(differences: Differing<FileMark>[]): Map<string, string> {
  const lost = new Map<FileMark, string[]>()
  for (const { name, was } of differences) {
    if (was !== undefined) addTo(lost, was, name)
  }
  const origin = new Map<string, string>()
  for (const { name, is } of differences) {
    const from = is === undefined ? undefined : lost.get(is)?.shift()
    if (from !== undefined) origin.set(name, from)
  }
  return origin
}

function modeOnly(was: FileMark, is: FileMark): { executable?: boolean } {
  if (is === `${was}+x`) return { executable: true }
  return was === `${is}+x` ? { executable: false } : {}
}
