import { relative } from 'node:path'
import type { Finding } from '../../model/cache.ts'
import { withoutCode } from '../../model/file-fault.ts'
import { unreachable } from '../../model/unreachable.ts'
import { count } from './count.ts'

/** What is wrong with a file of the cache, what became of it, and what to do. */
export function findingInWords(finding: Finding, root: string): string {
  const file = `\`${relative(root, finding.path)}\``
  switch (finding.kind) {
    case 'damaged':
      return `${file} cannot be used: ${withoutCode(finding.problem)}. It was worth nothing, and is removed.`
    case 'contents-missing':
      return `${file} refers to ${count(finding.missing, 'content')} that the cache no longer has. It was worth nothing, and is removed: \`${finding.instance}\` runs again when it is needed.`
    case 'foreign':
      return `${file} is not the cache's. It is left alone: move it elsewhere, or delete it.`
    case 'inaccessible':
      return `${file} cannot be looked at, or not removed: ${withoutCode(finding.problem)}. Give access to it (\`ls -ld\` shows who has it), or delete it: all of \`.cache\` but the sandbox may be deleted.`
    default:
      return unreachable(finding)
  }
}
