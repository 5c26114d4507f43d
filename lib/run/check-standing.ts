import { sameFile } from '../model/file-state.ts'
import type { Instance } from '../model/instance.ts'
import type { Engine } from './engine.ts'
import type { Outcome } from './outcome.ts'
import type { Tools } from './tools.ts'

/** Once everything has run, looks whether a task has written over what another had made. */
export function checkStanding(
  { digests }: Engine,
  outcomes: ReadonlyMap<Instance, Outcome>,
  { warn }: Tools,
): void {
  if (![...outcomes.values()].some(({ status }) => status === 'ran')) return
  for (const [{ id, task }, { made }] of outcomes)
    for (const [path, state] of Object.entries((task.on ? made?.collected : made?.outputs) ?? {}))
      if (!sameFile(digests.state(path), state)) warn({ kind: 'output-overwritten', task: id, path })
}
