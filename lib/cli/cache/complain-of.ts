import type { FileFinding } from '../../model/cache.ts'
import { findingInWords } from '../../report/words/finding.ts'
import { complain } from '../output.ts'

/** Tells what was met on the way.
 *  @returns the exit code: 1 when something could not be done */
export function complainOf(findings: FileFinding[], root: string): number {
  for (const finding of findings) complain(`Warning: ${findingInWords(finding, root)}\n`)
  return findings.some(({ kind }) => kind === 'inaccessible') ? 1 : 0
}
