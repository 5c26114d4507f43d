import type { FailedHosts } from '../../model/event.ts'
import type { Failure } from '../../model/failure.ts'
import { inList } from './list.ts'

/** What befalls hosts more than their tasks. */
const words: Partial<Record<Failure['kind'], string>> = {
  unreachable: 'cannot be reached',
  authentication: 'login refused',
  'host-key': 'host key not trusted',
  'connection-lost': 'connection lost',
  'no-space': 'no space left',
  stalled: 'stalled',
  'timed-out': 'time limit reached',
}

/** A line for each way in which hosts failed, where there is more to say than that commands did. */
export function failedHostsInWords(failed: FailedHosts): string[] {
  const byWords = new Map<string, string[]>()
  for (const [kind, hosts] of Object.entries(failed) as [Failure['kind'], string[]][]) {
    const why = words[kind] ?? 'failed'
    byWords.set(why, [...new Set([...(byWords.get(why) ?? []), ...hosts])].sort())
  }
  if ([...byWords.keys()].every((why) => why === 'failed')) return []
  return [...byWords].map(([why, hosts]) => `${why}: ${inList(hosts, 8)}`)
}
