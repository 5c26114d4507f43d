import { basename } from 'node:path'
import { inCode } from '../../report/words/list.ts'
import type { Context } from '../command.ts'
import { complain, print } from '../output.ts'
import { untilSignal } from '../signals.ts'
import { tasksFolder } from '../workspace-root.ts'
import type { Declared } from './declared.ts'
import { nextChange } from './next-change.ts'
import { startRound } from './round.ts'
import { Camera, type Snapshot } from './snapshot.ts'

/** Runs, and runs again whenever a declared input changes, until a signal ends it. */
export function watch({ root, common }: Context): Promise<number> {
  const tell = common['log-format'] === 'json' ? complain : print
  const camera = new Camera(root)
  return untilSignal(async (signal) => {
    let last: Declared | undefined
    for (;;) {
      const suspects = withAllTaskFiles(last)
      const atStart = await camera.take(suspects)
      const round = startRound(signal)
      try {
        const declared = await round.declared
        // A first run that cannot say what it declares: there is nothing to wait for.
        if (!declared && !last) return await round.ended
        const before = declared ? asLoaded(declared, await camera.take(declared), atStart) : atStart
        round.go()
        last = declared ?? suspects
        const change = nextChange(root, camera, last, before, signal)
        const stale = await Promise.race([change.then(() => true), round.ended.then(() => false)])
        if (!stale) tell('Waiting for changes.\n')
        const changed = inCode(await change, 3)
        tell(`\n${changed} changed${stale ? ': ending this run, to start anew' : ''}.\n`)
      } finally {
        await round.end()
      }
    }
  })
}

/** A round that could not load the tasks does not know which of their files is to blame: any may be. */
function withAllTaskFiles(declared: Declared = { inputs: [], outputs: [], sources: [] }): Declared {
  const tasks = basename(tasksFolder(process.argv[1] as string))
  return { ...declared, inputs: [...declared.inputs, [tasks]] }
}

/** What a round reads: its inputs as they are now, its sources as they were before it was started and loaded them. */
function asLoaded({ sources }: Declared, now: Snapshot, atStart: Snapshot): Snapshot {
  return new Map([...now, ...[...atStart].filter(([path]) => sources.includes(path))])
}
