import type { Addresses } from '../../model/host-session.ts'
import type { Remote } from '../remote/remote.ts'
import { lastLines, runProgram } from '../remote/remote.ts'
import { unsure } from './pieces.ts'
import { fetchProgram, lacksProgram } from './relay-programs.ts'
import type { Range } from './upload-plan.ts'

/**
 * Lets the host fetch what it lacks to `store/<digest>.part` from where that is offered.
 * @param bypass is told why it cannot
 * @returns what it has fetched: all that is offered, or nothing
 */
export async function fetchOffered(
  remote: Remote,
  ranges: Range[],
  addresses: Addresses,
  bypass: (why: string) => void,
  onMoved: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Range[]> {
  const offered = ranges.filter(({ file }) => addresses[file.digest] !== undefined)
  if (offered.length === 0) return []
  const list = offered.map(({ file }) => `${file.digest} ${addresses[file.digest]}\n`)
  const args = [`${remote.state}/store`, `${unsure}`]
  const input = list.join('')
  const onStdout = progressOf(onMoved)
  const fetched = await runProgram(remote, fetchProgram, args, { input, onStdout, signal, writes: true })
  if (fetched.exitCode === 0) return offered
  const lacks = fetched.exitCode === lacksProgram
  bypass(lacks ? 'it has neither curl nor wget' : lastLines(fetched.stderr).split('\n').at(-1) || 'no answer')
  return []
}

/** Reads lines that each say how much has come so far. */
function progressOf(onMoved: (bytes: number) => void): (chunk: Buffer) => void {
  let line = ''
  let told = 0
  return (chunk) => {
    const lines = (line + chunk).split('\n')
    line = lines.pop() as string
    const come = Number(lines.at(-1) ?? told)
    if (come > told) onMoved(come - told)
    told = Math.max(come, told)
  }
}
