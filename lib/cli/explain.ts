import { inspect } from 'node:util'
import type { ColorMode } from '../report/colors.ts'
import { complain } from './output.ts'

/** Says what ended a command before its time, in words that are loaded only now, and gives the exit code that belongs to it. */
export async function explain(error: unknown, color?: ColorMode): Promise<number> {
  try {
    const { explainEnding } = await import('./ending.ts')
    return explainEnding(error, color)
  } catch {
    // Where the words cannot be loaded, as when no file can be opened any more, the error must be told all the same.
    complain(`Error: ${inspect(error)}\n`)
    return 1
  }
}
