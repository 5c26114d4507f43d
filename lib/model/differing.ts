import { canonicalJson } from './json.ts'

export interface Differing<T> {
  name: string
  /** Absent: it was not there. */
  was?: T
  /** Absent: it is not there any more. */
  is?: T
}

/** The names under which two objects hold something else, in code-unit order. */
export function differing<T>(before: Record<string, T>, after: Record<string, T>): Differing<T>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .map((name) => ({
      name,
      ...(Object.hasOwn(before, name) && { was: before[name] as T }),
      ...(Object.hasOwn(after, name) && { is: after[name] as T }),
    }))
    .filter(({ was, is }) => canonicalJson(was) !== canonicalJson(is))
}
