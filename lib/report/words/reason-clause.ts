import type { Reason } from '../../model/reason.ts'
import { unreachable } from '../../model/unreachable.ts'
import { changeInWords, variable } from './change.ts'
import { brieflyInWords } from './failure.ts'
import { fileFaultInWords } from './file-fault.ts'
import { inCode } from './list.ts'

/** What a reason says of one thing, so that it can be said of several at once. */
export interface ReasonClause {
  item: string
  say: (items: string, many: boolean) => string
}

/** As many clauses as reasons, but that a content which moved is followed: renamed and swapped files are one clause. */
export function clausesOf(reasons: Reason[]): ReasonClause[] {
  if (reasons.length === 1) return [clauseOf(reasons[0]!)]
  const removed = new Set(reasons.flatMap((one) => (one.kind === 'input-removed' ? one.path : [])))
  const came = reasons.flatMap((one) => (one.kind === 'input-added' && one.from ? one.from : []))
  const renamed = new Set(came.filter((path) => removed.has(path)))
  const origin = new Map(
    reasons.flatMap((one) => (one.kind === 'input-changed' && one.from ? [[one.path, one.from]] : [])),
  )
  return reasons.flatMap((reason) => {
    if (reason.kind === 'input-removed' && renamed.has(reason.path)) return []
    if (reason.kind === 'input-added' && reason.from && renamed.has(reason.from))
      return about(`\`${reason.from}\` → \`${reason.path}\``, (items) => `renamed: ${items}`)
    if (reason.kind === 'input-changed' && reason.from && origin.get(reason.from) === reason.path)
      return reason.path < reason.from
        ? about(`\`${reason.path}\` ⇄ \`${reason.from}\``, (items) => `swapped: ${items}`)
        : []
    return clauseOf(reason)
  })
}

function clauseOf(reason: Reason): ReasonClause {
  switch (reason.kind) {
    case 'never-ran':
      return alone('it has not run yet')
    case 'input-changed':
      if (reason.from) return alone(`\`${reason.path}\` is now what \`${reason.from}\` was`)
      if (reason.executable === true) return about(code(reason.path), (files) => `${files} became executable`)
      if (reason.executable === false)
        return about(code(reason.path), (files) => `${files} ceased to be executable`)
      return about(code(reason.path), (files) => `${files} changed`)
    case 'input-added':
      return about(code(reason.path), (files, many) => `${files} ${many ? 'are' : 'is'} new`)
    case 'input-removed':
      return about(code(reason.path), (files, many) => `${files} ${many ? 'are' : 'is'} gone`)
    case 'value-changed':
      return alone(`\`${reason.name}\` ${changeInWords(reason.before, reason.after)}`)
    case 'env-changed':
      return alone(`\`${reason.name}\` ${changeInWords(variable(reason.before), variable(reason.after))}`)
    case 'fact-changed':
      return alone(`the fact \`${reason.name}\` ${changeInWords(reason.before, reason.after)}`)
    case 'need-changed':
      return needChanged(reason)
    case 'definition-changed':
      return alone(reason.outputs ? outputsChanged(reason.outputs) : 'the code of the task changed')
    case 'platform-changed':
      return alone(`the platform is ${reason.after} (was ${reason.before})`)
    case 'output-missing':
      return about(code(reason.path), (files, many) =>
        many
          ? `its outputs ${files} are missing${broughtFrom(reason.from, 'are')}`
          : `its output ${files} is missing${broughtFrom(reason.from, 'is')}`,
      )
    case 'output-changed':
      if (reason.extra)
        return about(code(reason.path), (files, many) =>
          many
            ? `${files} lie among its outputs, and it did not make them`
            : `${files} lies among its outputs, and it did not make it`,
        )
      return about(code(reason.path), (files, many) =>
        many
          ? `its outputs ${files} are no longer what it made${broughtFrom(reason.from, 'are')}`
          : `its output ${files} is no longer what it made${broughtFrom(reason.from, 'is')}`,
      )
    case 'receipt-missing':
      return alone('the host keeps no receipt of it')
    case 'probe-failed':
      return alone(`its check found: ${reason.detail}`)
    case 'probe-threw':
      return alone(`its check failed: ${brieflyInWords(reason.failure)}`)
    case 'forced':
      return alone('a new run was asked for')
    case 'always':
      return alone('it runs whenever asked for')
    case 'skipped':
      return alone(reason.why)
    case 'waits-for':
      return about(
        code(reason.task),
        (tasks, many) => `not known before ${tasks} ${many ? 'have' : 'has'} run`,
      )
    case 'unreachable':
      return alone(`host \`${reason.host}\` cannot be reached: ${reason.detail}`)
    case 'file-fault':
      return alone(fileFaultInWords(reason).what)
    default:
      return unreachable(reason)
  }
}

function needChanged({ task, path, change }: Extract<Reason, { kind: 'need-changed' }>): ReasonClause {
  if (path === undefined && change === 'removed')
    return about(code(task), (tasks) => `it no longer needs ${tasks}`)
  if (path === undefined) return about(code(task), (tasks) => `it now needs ${tasks}`)
  if (change === 'added') return about(path, (paths) => `new from \`${task}\`: ${paths}`)
  if (change === 'removed') return about(path, (paths) => `gone from \`${task}\`: ${paths}`)
  return about(path, (paths) => `\`${task}\` made other bytes: ${paths}`)
}

function outputsChanged({ added, removed }: { added: string[]; removed: string[] }): string {
  const parts = [
    ...(added.length > 0 ? [`${inCode(added, 3)} added`] : []),
    ...(removed.length > 0 ? [`${inCode(removed, 3)} removed`] : []),
  ]
  return `its declared outputs changed: ${parts.join(', ')}`
}

/** What is brought home from a host is missing, or wrong, at home alone. */
function broughtFrom(host: string | undefined, verb: 'is' | 'are'): string {
  return host === undefined ? '' : ` here, and ${verb} brought from ${host}`
}

function about(item: string, say: ReasonClause['say']): ReasonClause {
  return { item, say }
}

function alone(text: string): ReasonClause {
  return { item: text, say: () => text }
}

function code(text: string): string {
  return `\`${text}\``
}
