import type { Warning } from '../../model/event.ts'
import type { FileFault } from '../../model/file-fault.ts'
import { unreachable } from '../../model/unreachable.ts'
import { bytes } from './bytes.ts'
import { count } from './count.ts'
import { brieflyInWords } from './failure.ts'
import { fileFaultInWords } from './file-fault.ts'
import { holderInWords } from './lease-holder.ts'
import { inList } from './list.ts'

/** One sentence, without “Warning:”. */
export function warningInWords(warning: Warning): string {
  switch (warning.kind) {
    case 'cache-fault':
      return cacheFault(warning.what, warning.detail)
    case 'more-cache-faults':
      return `${count(warning.more, 'more fault')} of the cache like this.`
    case 'cache-collected':
      return `The cache was larger than ${bytes(warning.limit)}: ${bytes(warning.size)} of what was least recently used were removed, ${bytes(warning.left)} are left.`
    case 'input-changed-while-running':
      return `\`${warning.path}\` changed while \`${warning.task}\` ran: its result is not recorded, and it will run again.`
    case 'output-edited':
      return warning.extra
        ? `\`${warning.path}\` lay among the outputs of \`${warning.task}\`, which did not make it: it was removed.`
        : `\`${warning.path}\`, an output of \`${warning.task}\`, was edited by hand: it was put right.`
    case 'output-overwritten':
      return `\`${warning.path}\`, an output of \`${warning.task}\`, was changed before the run ended: another task writes it, or somebody edited it. The next run puts it right.`
    case 'outputs-out-of-reach':
      return outOfReach(warning)
    case 'waits-for-run':
      return `Another run is at work here: process ${warning.pid} (${warning.command}), since ${warning.since}. This one waits for its end.`
    case 'lock-taken-over':
      return warning.pid === null
        ? `An earlier run left its lock behind (${warning.detail}): it is taken over.`
        : `An earlier run (process ${warning.pid}) left its lock behind (${warning.detail}): it is taken over.`
    case 'leftovers-ended':
      return `An earlier run left processes behind: ${inList(warning.pids.map(String), 8)}. They were ended.`
    case 'lock-lost':
      return `\`.cache\` was deleted, and another run began meanwhile: process ${warning.pid} (${warning.command}), since ${warning.since}. This one stops, and records nothing more.`
    case 'waits-for-lease':
      return `${holderInWords(warning.by)} is deploying to this cluster. This run waits for its end.`
    case 'lease-taken-over':
      return `${holderInWords(warning.from)} did not give back the lease of this cluster: it is taken over.`
    case 'lease-lost':
      return leaseLost(warning)
    case 'lease-left':
      return `The lease of this cluster could not be given back: ${brieflyInWords(warning.failure)}. It expires by itself within a minute.`
    case 'changed-before-lease':
      return `Another run has changed what \`${warning.task}\` makes, after this one had found it up to date. This one stops, and has changed nothing. Run again.`
    case 'weak-digest':
      return `${warning.what} is checked by SHA-1 only. To pin it, declare its SHA-256: ${warning.sha256}`
    case 'failed-late':
      return failedLate(warning)
    case 'relay-bypassed':
      return `\`${warning.host}\` cannot fetch files from \`${warning.via}\` (${warning.why}): they are sent to it directly.`
    case 'relay-down':
      return `\`${warning.via}\` cannot give files to the other hosts: ${brieflyInWords(warning.failure)}. They are sent to each directly.`
    case 'task':
      return `\`${warning.task}\`: ${warning.text}`
    case 'sandbox':
      return warning.text
    default:
      return unreachable(warning)
  }
}

function leaseLost({ to, failure }: Extract<Warning, { kind: 'lease-lost' }>): string {
  const why = to
    ? `${holderInWords(to)} has taken the lease of this cluster`
    : failure
      ? `The lease of this cluster could not be renewed: ${brieflyInWords(failure)}`
      : 'The host that keeps the lease of this cluster knows nothing of it any more'
  return `${why}. This run stops, and leaves alone what it has begun on hosts: the next one finds it.`
}

function failedLate({ task, failure }: Extract<Warning, { kind: 'failed-late' }>): string {
  const how = brieflyInWords(failure)
  return `\`${task}\` ended well, but something that it did not wait for failed: ${how}${/[.!?]$/.test(how) ? '' : '.'}`
}

function outOfReach({ task, fault }: Extract<Warning, { kind: 'outputs-out-of-reach' }>): string {
  const { what, next } = fileFaultInWords(fault)
  return `The outputs of \`${task}\` were put out of reach before the run ended: ${what}. ${next}`
}

function cacheFault(what: string, detail: string | FileFault): string {
  if (typeof detail === 'string') return `${what}: ${detail}. The run goes on without it.`
  const words = fileFaultInWords(detail)
  const inTheWay = ['folder', 'below-a-file', 'no-file'].includes(detail.problem)
  const next = inTheWay ? 'Remove what is in the way: all of `.cache` may be deleted.' : words.next
  return `${what}: ${words.what}. The run goes on without it. ${next}`
}
