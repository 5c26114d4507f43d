const waiting = new Set<() => void>()

/** Calls back when this process has nothing left to wait for, and would end: whoever still waits does so in vain.
 *  @returns takes it back */
export function whenNothingCanCome(callBack: () => void): () => void {
  if (waiting.size === 0) process.on('beforeExit', callAll)
  waiting.add(callBack)
  return () => {
    waiting.delete(callBack)
    if (waiting.size === 0) process.off('beforeExit', callAll)
  }
}

function callAll(): void {
  for (const callBack of waiting) callBack()
}
