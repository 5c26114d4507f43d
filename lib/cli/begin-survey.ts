import { cacheLayout } from '../cache/layout.ts'
import { readSealed } from '../cache/sealed.ts'
import { Survey } from '../inputs/survey.ts'
import type { SurveyMemory } from '../inputs/survey-memory.ts'

/** Begins to look at what the last run wanted, while the rest of the program is loaded. Not before the tasks are: whatever
 *  they write until then counts. */
export function beginSurvey(root: string, signal: AbortSignal): Survey | undefined {
  const { survey, temporary } = cacheLayout(root)
  // A run that learns something says what is wrong with it.
  const memory = readSealed<SurveyMemory>(survey, () => {})
  return memory?.folders?.length ? new Survey(root, memory, temporary, signal) : undefined
}
