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
export function standInWords({ status, running }: { status: LookedStatus; running?: boolean }): string {
  return running ? 'running' : would[status]
}
