import { randomUUID } from 'node:crypto'
import type { Counts } from '../model/status.ts'
import { statuses } from '../model/status.ts'
import { uptimeMs } from '../model/uptime.ts'
import type { Emit, Looked, RunOptions, Workspace } from '../run/options.ts'

/** Tells of a run what it would do, in the same events. Exit code 0, whatever it would do. */
export async function dryRun(
  workspace: Workspace,
  options: RunOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<number> {
  const start = uptimeMs()
  const { lookAt } = await import('../run/look.ts')
  const looked = await lookAt(workspace, options, signal, (warning) => emit({ type: 'warning', warning }))
  const dryRun = true
  emit({ type: 'run-start', schema: 1, run: randomUUID(), targets: options.targets, dryRun })
  for (const { instance, status, reasons, key } of looked) {
    const task = instance.id
    if (status === 'ran') emit({ type: 'task-start', task, reasons, dryRun })
    emit({ type: 'task-end', task, status, ...(key && { key }), reasons, ms: 0, dryRun })
  }
  const ms = Math.round(uptimeMs() - start)
  emit({ type: 'run-end', ok: true, exitCode: 0, counts: countsOf(looked), ms, dryRun })
  return 0
}

function countsOf(looked: Looked[]): Counts {
  const number = (status: string) => looked.filter((one) => one.status === status).length
  const counts = Object.fromEntries(statuses.map((status) => [status, number(status)])) as Counts
  return { ...counts, unknown: number('unknown') }
}
