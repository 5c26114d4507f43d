/** Ends an exhaustive switch: the compiler refuses a call that could be reached. */
export function unreachable(value: never): never {
  throw new Error(`not a known case: ${JSON.stringify(value)}`)
}
