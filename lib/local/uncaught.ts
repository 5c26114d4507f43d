import { AsyncLocalStorage } from 'node:async_hooks'

const owners = new AsyncLocalStorage<(error: unknown) => void>()

/** Calls a function. What it throws where nobody catches it, or anything that it has started by then, is told to its owner. */
export function owned<T>(onUncaught: (error: unknown) => void, call: () => T): T {
  return owners.run(onUncaught, call)
}

/** Where code asks for it, it is told to the owner of that; in Node's own events, of the promise or callback that failed.
 *  @returns false where nobody owns it */
export function tellOwner(error: unknown): boolean {
  const tell = owners.getStore()
  tell?.(error)
  return tell !== undefined
}
