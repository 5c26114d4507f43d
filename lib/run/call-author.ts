import { setImmediate as nextTurn } from 'node:timers/promises'
import { owned } from '../local/uncaught.ts'
import { Failed } from '../model/failure.ts'
import { whenNothingCanCome } from './nothing-to-come.ts'

/**
 * Calls a function of a task's author. It fails of what it throws, and of what nobody catches of all that it has started.
 * One that does not listen to its signal, or waits for what never comes, is left behind: what it throws then is part of its failure.
 *
 * @param onLate is told what nobody catches once it has ended well
 */
export async function callAuthor<T>(
  author: () => Promise<T>,
  signal: AbortSignal,
  onLate: (error: unknown) => void = () => {},
): Promise<T> {
  let leave = (_error: unknown) => {}
  const left = new Promise<never>((_, reject) => {
    leave = reject
  })
  let endedWell = false
  const onUncaught = (error: unknown) => (endedWell ? onLate(error) : leave(error))
  const toItsEnd = async () => {
    const result = await author()
    // By then Node has told what nobody caught so far.
    await nextTurn()
    return result
  }
  const abort = () => leave(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const canCome = whenNothingCanCome(() => leave(new Failed({ kind: 'stuck' })))
  try {
    const result = await Promise.race([owned(onUncaught, toItsEnd), left])
    endedWell = true
    return result
  } finally {
    signal.removeEventListener('abort', abort)
    canCome()
  }
}
