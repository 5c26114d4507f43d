import { openLog } from '../cache/logs.ts'
import type { Step } from './step.ts'

/** What a task printed when it made what was now restored is its last log again; shown to those who asked for it. */
export function replay({ engine, instance: { id }, judgement: { record }, tools }: Step): void {
  const { blobs, layout, faults, options } = engine
  const printed = record?.log ? blobs.read(record.log) : Buffer.alloc(0)
  if (!printed) return
  const log = openLog(layout, id, (fault) =>
    faults.tellOf(`the log of \`${id}\` could not be written`, fault),
  )
  if (printed.length > 0) log.write(printed)
  log.close()
  if (options.replay && printed.length > 0)
    tools.emit({ type: 'task-output', task: id, stream: 'stdout', text: printed.toString() })
}
