import type { Action } from './action.ts'
import { differing } from './differing.ts'
import { differenceOfFiles } from './file-difference.ts'
import { canonicalJson } from './json.ts'
import type { Reason } from './reason.ts'
import { differenceOfValues } from './value-difference.ts'

/** What differs between a recorded and the present action, field by field; empty only when the keys are equal. */
export function difference(before: Action, after: Action): Reason[] {
  return [...differenceOfOwn(before, after), ...differenceOfNeeds(before.needs, after.needs)]
}

/** Leaves out what the needed tasks made. */
export function differenceOfOwn(before: Action, after: Action): Reason[] {
  const reasons: Reason[] = [
    ...differenceOfFiles(before.files, after.files),
    ...differenceOfFiles(before.downloads, after.downloads),
    ...differenceOfValues(before.values, after.values).map((change) => ({
      kind: 'value-changed' as const,
      ...change,
    })),
    ...differenceOfEnv(before.env, after.env),
    ...differenceOfValues(before.facts, after.facts).map((change) => ({
      kind: 'fact-changed' as const,
      ...change,
    })),
  ]
  if (before.platform !== after.platform)
    reasons.push({ kind: 'platform-changed', before: before.platform, after: after.platform })
  if (before.definition !== after.definition) reasons.push({ kind: 'definition-changed' })
  return [...reasons, ...differenceOfOutputs(before.outputs, after.outputs)]
}

/** What a variable was that is no input any more is not told: it may have become a secret. */
function differenceOfEnv(before: Action['env'], after: Action['env']): Reason[] {
  return differing(before, after).map(({ name, was, is }) => ({
    kind: 'env-changed',
    name,
    ...(is !== undefined && { ...(was !== undefined && { before: was }), after: is }),
  }))
}

function differenceOfOutputs(before: string[], after: string[]): Reason[] {
  if (canonicalJson(before) === canonicalJson(after)) return []
  const added = after.filter((path) => !before.includes(path))
  const removed = before.filter((path) => !after.includes(path))
  return [{ kind: 'definition-changed', outputs: { added, removed } }]
}

function differenceOfNeeds(before: Action['needs'], after: Action['needs']): Reason[] {
  return differing(before, after).flatMap(({ name: task, was, is }): Reason[] => {
    if (was === undefined) return [{ kind: 'need-changed', task, change: 'added' }]
    if (is === undefined) return [{ kind: 'need-changed', task, change: 'removed' }]
    return differing(was, is).map(
      ({ name: path, was, is }): Reason => ({
        kind: 'need-changed',
        task,
        path,
        ...(was === undefined && { change: 'added' as const }),
        ...(is === undefined && { change: 'removed' as const }),
      }),
    )
  })
}
