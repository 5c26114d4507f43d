import { once } from 'node:events'
import type { Selected } from '../../model/instance.ts'
import type { Workspace } from '../../run/options.ts'
import type { Context } from '../command.ts'
import { marker } from './marker.ts'

/** Whether this process is a round. What its tasks start is none. */
export const isRound = process.env[marker] !== undefined
delete process.env[marker]

/** What a round does before it reads any input: it tells what it declares, and waits until the watcher has seen that. */
export async function tellWatcher(
  context: Context,
  workspace: Workspace,
  selected: Selected,
  signal: AbortSignal,
): Promise<void> {
  process.once('disconnect', endWithWatcher)
  if (!process.connected) endWithWatcher()
  process.channel?.unref()
  const { declaredBy } = await import('./declared.ts')
  process.send?.(await declaredBy(context, workspace, selected))
  process.channel?.ref()
  await once(process, 'message', { signal }).finally(() => process.channel?.unref())
}

/** Nobody is left who could end it in order. */
function endWithWatcher(): void {
  process.exit(143)
}
