/** What work that a signal ended is rejected with: the signal's own error, when it has one. */
export function abortError(signal: AbortSignal): Error {
  if (signal.reason instanceof Error) return signal.reason
  const error = new Error(`ended by ${String(signal.reason)}`, { cause: signal.reason })
  error.name = 'AbortError'
  return error
}
