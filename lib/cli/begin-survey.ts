import { cacheLayout } from '../cache/layout.ts'
import { readSealed } from '../cache/sealed.ts'
import { Survey } from '../inputs/survey.ts'
import type { SurveyMemory } from '../inputs/survey-memory.ts'
import { marker } from './watch/marker.ts'

/** Begins to look at what the last run wanted, while the rest of the program is loaded. Not before the tasks are: whatever
 *  they write until then counts. */
export function beginSurvey(root: string, signal: AbortSignal): Survey | undefined {
  const { survey, temporary } = cacheLayout(root)
  // A run that learns something says what is wrong with it.
  const memory = readSealed<SurveyMemory>(survey, () => {})
  return memory?.folders?.length ? new Survey(root, memory, temporary, signal) : undefined
}

/** One that was begun before the tasks were loaded. */
export interface BegunSurvey {
  root: string
  survey: Survey | undefined
  giveUp: AbortController
}

/** The same before tasks are loaded that write nothing themselves. A round of a watching process has to tell first what is to
 *  be watched. */
export function beginSurveyAtOnce(root: string): BegunSurvey | undefined {
  if (marker in process.env) return undefined
  const giveUp = new AbortController()
  process.once('exit', () => giveUp.abort())
  return { root, survey: beginSurvey(root, giveUp.signal), giveUp }
}

let begun: BegunSurvey | undefined

/** Of use to a run of the tasks that are loaded now. Once they have waited for anything, others may have written for them:
 *  then it is given up. */
export function offerSurvey(offered: BegunSurvey): void {
  begun = offered
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
