import type { Action } from './action.ts'
import { canonicalJson } from './json.ts'
import type { Reason } from './reason.ts'

/** What differs between a recorded and the present action, field by field; empty only when the keys are equal. */
export function difference(before: Action, after: Action): Reason[] {
  return [...differenceOfOwn(before, after), ...differenceOfNeeds(before, after)]
}

/** Leaves out what the needed tasks made. */
export function differenceOfOwn(before: Action, after: Action): Reason[] {
  const reasons: Reason[] = []
  compare(before.files, after.files, (path, was, is) =>
    reasons.push({
      kind: was === undefined ? 'input-added' : is === undefined ? 'input-removed' : 'input-changed',
      path,
    }),
  )
  compare(before.downloads, after.downloads, (path) => reasons.push({ kind: 'input-changed', path }))
  compare(before.values, after.values, (name, was, is) =>
    reasons.push({ kind: 'value-changed', name, before: shown(was), after: shown(is) }),
  )
  compare(before.env, after.env, (name) => reasons.push({ kind: 'env-changed', name }))
  compare(before.facts, after.facts, (name, was, is) =>
    reasons.push({ kind: 'fact-changed', name, before: shown(was), after: shown(is) }),
  )
  if (before.platform !== after.platform)
    reasons.push({ kind: 'platform-changed', before: before.platform, after: after.platform })
  if (
    before.definition !== after.definition ||
    canonicalJson(before.outputs) !== canonicalJson(after.outputs)
  )
    reasons.push({ kind: 'definition-changed' })
  return reasons
}

function differenceOfNeeds(before: Action, after: Action): Reason[] {
  const reasons: Reason[] = []
  compare(before.needs, after.needs, (task, was, is) => {
    if (was === undefined || is === undefined) reasons.push({ kind: 'need-changed', task })
    else compare(was, is, (path) => reasons.push({ kind: 'need-changed', task, path }))
  })
  return reasons
}

function compare<T>(
  before: Record<string, T>,
  after: Record<string, T>,
  differs: (name: string, was?: T, is?: T) => void,
): void {
  for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort())
    if (
      canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null) ||
      name in before !== name in after
    )
      differs(name, before[name], after[name])
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? value : canonicalJson(value)
}
