import { addTo } from '../../model/add-to.ts'
import type { Reason } from '../../model/reason.ts'
import { inList } from './list.ts'
import { clausesOf, type ReasonClause } from './reason-clause.ts'
import { visible } from './visible.ts'

/** Reasons as clauses, what comes after “it runs because”; those that say the same of several things share one, in which the first `most` are named. */
export function reasonsAsClauses(reasons: Reason[], most?: number): string[] {
  const groups = new Map<string, ReasonClause[]>()
  for (const clause of clausesOf(reasons)) {
    const said = clause.say('', true)
    addTo(groups, said, clause)
  }
  return [...groups.values()].map((group) => inOneLine(together(group, most)))
}

/** The first reasons in one line: `a; b; c`, `a; b; c; and 4 more`. */
export function reasonsInWords(reasons: Reason[], most = 3): string {
  const clauses = reasonsAsClauses(reasons, most)
  const more = clauses.length - most
  return [...clauses.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

function inOneLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n')
}

function together(group: ReasonClause[], most?: number): string {
  const items = group.map(({ item }) => item)
  return group[0]!.say(inList(items, most), items.length > 1)
}
