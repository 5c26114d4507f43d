import { Failed } from '../../model/failure.ts'
import type { ExecOptions } from '../../model/host-session.ts'
import type { Remote } from '../remote/remote.ts'
import { callOf, mustRun, refuseFenced } from '../remote/remote.ts'
import { ensureFence } from '../remote/state-folder.ts'
import type { Executed } from '../ssh/exec.ts'
import { execute } from '../ssh/exec.ts'
import { endGroups, processes } from './process-parts.ts'

/** Runs a task's command. What was interrupted, or lost its connection, is ended with all that it has started. */
export async function runCommand(
  remote: Remote,
  argv: string[],
  options: ExecOptions = {},
): Promise<Executed> {
  let stderr = ''
  const onStderr = (chunk: Buffer) => (stderr += chunk)
  const args = [remote.host.root, ...argv]
  if (options.writes) await ensureFence(remote)
  const { line, input } = callOf(remote, commandProgram, args, { ...options, mayBeRoot: true })
  try {
    const executed = await execute(await remote.connection(), line, { ...options, ...input, onStderr })
    if (options.writes) refuseFenced(remote, { ...executed, stderr })
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
