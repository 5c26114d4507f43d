import { uptimeMs } from '../model/uptime.ts'
import { complain } from './output.ts'

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

type SignalName = keyof typeof exitCodes

/** npx and a terminal send the same signal several times: those that come so soon are one. */
const sameMs = 300

/**
 * Runs something that the first signal aborts in order, with the signal's name as reason, and the second ends at once.
 * @param silent another process says so
 * @returns the exit code: the signal's, when one came
 */
export async function untilSignal(
  run: (signal: AbortSignal) => Promise<number>,
  { silent = false } = {},
): Promise<number> {
  const controller = new AbortController()
  let first = undefined as { name: SignalName; at: number } | undefined
  const onSignal = (name: SignalName) => {
    if (!first) {
      first = { name, at: uptimeMs() }
      if (!silent) complain(`\n${name}: ending in order. Once more ends at once.\n`)
      controller.abort(name)
    } else if (name !== 'SIGHUP' && uptimeMs() - first.at > sameMs) process.exit(exitCodes[name])
  }
  for (const name of Object.keys(exitCodes) as SignalName[]) process.on(name, onSignal)
  try {
    const exitCode = await run(controller.signal)
    return first ? exitCodes[first.name] : exitCode
  } catch (error) {
    if (first && isAbort(error, first.name)) return exitCodes[first.name]
    throw error
  }
}

function isAbort(error: unknown, reason: string): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError')
}
