import type { Warning } from '../model/event.ts'
import { warningInWords } from '../report/words/warning.ts'
import type { Looked } from '../run/options.ts'
import type { Context } from './command.ts'
import { openWorkspace } from './open-workspace.ts'
import { complain } from './output.ts'
import { requested } from './targets.ts'

/** What a run of the targets would do with each instance. Changes nothing anywhere. */
export async function look(context: Context, targets: string[], signal: AbortSignal): Promise<Looked[]> {
  const tasks = requested(context.graph, targets)
  const { workspace, close } = await openWorkspace(context, tasks, { looking: true })
  try {
    const { lookAt } = await import('../run/look.ts')
    return await lookAt(workspace, { targets }, signal, warn)
  } finally {
    await close()
  }
}

function warn(warning: Warning): void {
  complain(`Warning: ${warningInWords(warning)}\n`)
}
