import type { Warning } from '../model/event.ts'
import { warningInWords } from '../report/words/warning.ts'
import type { Looked, Workspace } from '../run/options.ts'
import type { Context } from './command.ts'
import { openWorkspace } from './open-workspace.ts'
import { complain } from './output.ts'
import { requested } from './targets.ts'

/** What a run of the targets would do with each instance. Changes nothing anywhere. */
export async function look(context: Context, targets: string[], signal: AbortSignal): Promise<Looked[]> {
  const tasks = requested(context.graph, targets)
  const { workspace, close } = await openWorkspace(context, tasks, { looking: true })
  try {
    return await lookIn(workspace, targets, signal)
  } finally {
    await close()
  }
}

/** The same, where the workspace is open already. */
export async function lookIn(
  workspace: Workspace,
  targets: string[],
  signal: AbortSignal,
): Promise<Looked[]> {
  const { lookAt } = await import('../run/look.ts')
  return lookAt(workspace, { targets }, signal, warn)
}

function warn(warning: Warning): void {
  complain(`Warning: ${warningInWords(warning)}\n`)
}
