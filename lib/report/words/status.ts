import type { Reason } from '../../model/reason.ts'
import type { LookedStatus } from '../../model/status.ts'

/** What an instance did. */
export const did: Record<LookedStatus, string> = {
  ran: 'ran',
  restored: 'restored',
  'up-to-date': 'up to date',
  failed: 'failed',
  blocked: 'blocked',
  cancelled: 'cancelled',
  unknown: 'not known',
}

/** What a run would do with it, when it was only looked at. */
export const would: Record<LookedStatus, string> = {
  ran: 'would run',
  restored: 'would be restored',
  'up-to-date': 'up to date',
  failed: 'would fail',
  blocked: 'would be blocked',
  cancelled: 'would be cancelled',
  unknown: 'not known yet',
}

/** What a look found. */
export function standInWords({ status, reasons, running }: Stand): string {
  if (running) return 'running'
  return whySkipped(reasons) === undefined ? would[status] : 'skipped'
}

interface Stand {
  status: LookedStatus
  reasons: Reason[]
  running?: boolean
}

/** That there was nothing to do counts as up to date. */
export function whySkipped(reasons: Reason[]): string | undefined {
  return reasons.find((reason) => reason.kind === 'skipped')?.why
}
