/** Calls a function that makes errors of which nobody needs the stack: with source maps, that takes long. */
export function untraced<T>(act: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return act()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
