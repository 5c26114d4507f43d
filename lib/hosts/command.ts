import { Failed } from '../model/failure.ts'
import type { CommandOptions, Executed } from './exec.ts'
import { execute } from './exec.ts'
import { endGroups, processes } from './process-parts.ts'
import { programLine } from './quote.ts'
import type { Remote } from './remote.ts'
import { mustRun } from './remote.ts'

/** Runs a task's command. What was interrupted, or lost its connection, is ended with all that it has started. */
export async function runCommand(
  remote: Remote,
  argv: string[],
  options: Pick<CommandOptions, 'input' | 'signal'> = {},
): Promise<Executed> {
  let stderr = ''
  const onStderr = (chunk: Buffer) => (stderr += chunk)
  const line = programLine(commandProgram, [remote.host.root, ...argv])
  try {
    const executed = await execute(await remote.connection(), line, { ...options, onStderr })
    return { ...executed, stderr: stderr.replace(leader, '') }
  } catch (error) {
    const [, pid, began] = leader.exec(stderr) ?? []
    const isLost = error instanceof Failed && error.failure.kind === 'connection-lost'
    // Out of reach, it goes on: what takes long had better be a script.
    if (began !== undefined && (isLost || options.signal?.aborted))
      await mustRun(remote, `kill ${pid}`, endCommandProgram, [pid!, began]).catch(() => {})
    throw error
  }
}

const leader = /^(\d+)\n(.*)\n/

/** First tells the leader of the command's group on stderr, and when that began. */
export const commandProgram = `${processes}
look_at $$
pid=$group
look_at "$pid"
printf '%s\\n%s\\n' "$pid" "$began" >&2
root=$1
shift
exec env ROOT="$root" "$@"
`

export const endCommandProgram = `${processes}${endGroups}
pid=$1 expected=$2
if is_alive || is_ours; then end_groups "$pid"; fi
`
