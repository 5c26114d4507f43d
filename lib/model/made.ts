import type { FileMark } from './action.ts'
import type { FileState, FileStates } from './file-state.ts'
import type { Instance } from './instance.ts'

/** What an instance made: files where it ran, and files that it brought home. */
export interface Made {
  outputs: FileStates
  collected: FileStates
}

/** What an instance has made, as far as anybody knows. */
export type MadeBy = (instance: Instance) => Made | undefined

export function markOf(state: FileState): FileMark {
  return 'link' in state ? `-> ${state.link}` : state.executable ? `${state.digest}+x` : state.digest
}

export function marksOf(states: FileStates): Record<string, FileMark> {
  return Object.fromEntries(Object.entries(states).map(([path, state]) => [path, markOf(state)]))
}

/** What the instances of a needed task made, by path; every distinct mark where several made the same path. */
export function mergedMarks(
  made: Made[],
  counts: (path: string) => boolean,
): Record<string, FileMark | FileMark[]> {
  const marks = new Map<string, Set<FileMark>>()
  for (const { outputs, collected } of made)
    for (const [path, state] of [...Object.entries(outputs), ...Object.entries(collected)]) {
      if (!counts(path)) continue
      const known = marks.get(path)
      if (known) known.add(markOf(state))
      else marks.set(path, new Set([markOf(state)]))
    }
  return Object.fromEntries(
    [...marks].map(([path, some]) => [path, some.size === 1 ? [...some][0]! : [...some].sort()]),
  )
}
