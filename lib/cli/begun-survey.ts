import { cacheLayout } from '../cache/layout.ts'
import { readSealed } from '../cache/sealed.ts'
import { Survey, type SurveyMemory } from '../inputs/survey.ts'

let begun: { root: string; survey: Survey } | undefined

/** Begins to look at what the last run wanted, while the program and the tasks are loaded. */
export function beginSurvey(root: string): void {
  const { survey, temporary } = cacheLayout(root)
  // A run that learns something says what is wrong with it.
  const memory = readSealed<SurveyMemory>(survey, () => {})
  if (memory?.folders?.length) begun = { root, survey: new Survey(root, memory, temporary) }
}

export function begunSurvey(root: string): Survey | undefined {
  return begun?.root === root ? begun.survey : undefined
}
