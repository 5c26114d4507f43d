import { Refusal } from './refusal.ts'

/** Aborted by Ctrl-C and its like, which may come more than once: what was made is removed before the end. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const)
    process.on(name, () => controller.abort(new Refusal('Interrupted: there is no result.', 128 + number)))
  return controller.signal
}
