import { nearest } from '../model/nearest.ts'
import { UsageError } from '../model/problem.ts'

/** The one action that follows a command's name: `down` of `sandbox down`. Anything else is refused with a suggestion. */
export function actionOf<Action extends string>(
  command: string,
  words: string[],
  actions: Record<Action, unknown>,
): Action {
  const [action] = words
  if (action !== undefined && words.length === 1 && Object.hasOwn(actions, action)) return action as Action
  const known = Object.keys(actions)
  const problem = `is not one of ${known.map((word) => `${command} ${word}`).join(', ')}`
  const meant = action === undefined ? undefined : nearest(action, known)[0]
  throw badOption([command, ...words].join(' '), problem, meant)
}

/** Refuses an option that was given to an action which does not take it. */
export function refuseElsewhere(option: string, given: unknown, belongs: string, action: string): void {
  if (given && !belongs.endsWith(` ${action}`)) throw badOption(option, `belongs to \`${belongs}\``)
}

function badOption(option: string, problem: string, meant?: string): UsageError {
  return new UsageError({ kind: 'bad-option', option, problem, ...(meant && { nearest: meant }) })
}
