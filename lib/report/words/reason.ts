import type { Reason } from '../../model/reason.ts'
import { unreachable } from '../../model/unreachable.ts'
import { inList } from './list.ts'

/** One reason as a clause: what comes after “it runs because”. */
export function reasonInWords(reason: Reason): string {
  switch (reason.kind) {
    case 'never-ran':
      return 'it has not run yet'
    case 'input-changed':
      return `\`${reason.path}\` changed`
    case 'input-added':
      return `\`${reason.path}\` is new`
    case 'input-removed':
      return `\`${reason.path}\` is gone`
    case 'value-changed':
      return `the value \`${reason.name}\` is ${reason.after} (was ${reason.before})`
    case 'env-changed':
      return `the variable \`${reason.name}\` changed`
    case 'fact-changed':
      return `the fact \`${reason.name}\` is ${reason.after} (was ${reason.before})`
    case 'need-changed':
      return reason.path
        ? `\`${reason.task}\` made another \`${reason.path}\``
        : `its need of \`${reason.task}\` was added or removed`
    case 'definition-changed':
      return 'the code of the task changed'
    case 'platform-changed':
      return `the platform is ${reason.after} (was ${reason.before})`
    case 'output-missing':
      return `its output \`${reason.path}\` is missing`
    case 'output-changed':
      return `its output \`${reason.path}\` is no longer what it made`
    case 'receipt-missing':
      return 'the host keeps no receipt of it'
    case 'probe-failed':
      return `its check found: ${reason.detail}`
    case 'forced':
      return 'a new run was asked for'
    case 'always':
      return 'it runs whenever asked for'
    case 'waits-for':
      return `not known before \`${reason.task}\` has run`
    case 'unreachable':
      return `host \`${reason.host}\` cannot be reached: ${reason.detail}`
    default:
      return unreachable(reason)
  }
}

/** The first reasons in one line: `a, b and c`, `a, b, c and 4 more`. */
export function reasonsInWords(reasons: Reason[], most = 3): string {
  return inList(reasons.map(reasonInWords), most)
}
