import { cacheLayout } from '../cache/layout.ts'
import { readSealed } from '../cache/sealed.ts'
import { Survey } from '../inputs/survey.ts'
import type { SurveyMemory } from '../inputs/survey-memory.ts'
import { isRound } from './watch/in-round.ts'

/** Begins to look at what the last run wanted, while the rest of the program is loaded. Not before the tasks are: whatever
 *  they write until then counts. */
export function beginSurvey(root: string, signal: AbortSignal): Survey | undefined {
  const { survey, temporary } = cacheLayout(root)
  // A run that learns something says what is wrong with it.
  const memory = readSealed<SurveyMemory>(survey, () => {})
  return memory?.folders?.length ? new Survey(root, memory, temporary, signal) : undefined
}

let begun: { root: string; survey: Survey | undefined; giveUp: AbortController } | undefined

/** The same before tasks are loaded that write nothing themselves. Once they have waited for anything, others may have
 *  written for them: then it is given up. A round of a watching process has to tell first what is to be watched. */
export function beginSurveyAtOnce(root: string): void {
  if (isRound) return
  const giveUp = new AbortController()
  begun = { root, survey: beginSurvey(root, giveUp.signal), giveUp }
  process.once('exit', () => giveUp.abort())
  setImmediate(() => {
    begun?.giveUp.abort()
    begun = undefined
  })
}

/** What was begun at once, while nothing was waited for. */
export function surveyBegun(root: string, signal: AbortSignal): Survey | undefined {
  if (begun?.root !== root) return undefined
  const { survey, giveUp } = begun
  signal.addEventListener('abort', () => giveUp.abort(), { once: true })
  begun = undefined
  return survey
}
