import { statusMatrix } from '../../render/status-matrix.ts'
import { reasonsInWords } from '../../report/words/reason.ts'
import { standInWords, would } from '../../report/words/status.ts'
import type { Looked } from '../../run/options.ts'
import { command } from '../command.ts'
import { look } from '../look.ts'
import { choice } from '../option.ts'
import { print } from '../output.ts'
import { untilSignal } from '../signals.ts'

export const status = command({
  name: 'status',
  summary: 'Show what stands where; exit code 1 if something does not',
  options: { format: choice(['text', 'json'], 'a table or data') },
  run(context, { format }) {
    return untilSignal(async (signal) => {
      // Tasks that run whenever they are asked for leave nothing that could stand.
      const targets = context.graph.tasks.filter(({ always }) => !always).map(({ name }) => name)
      const looked = targets.length === 0 ? [] : await look(context, targets, signal)
      const kept = looked.filter(({ instance }) => !instance.task.always)
      print(format === 'json' ? inJson(kept) : inText(kept, context.common.verbose))
      return kept.every(({ status }) => status === 'up-to-date') ? 0 : 1
    })
  },
})

function inJson(looked: Looked[]): string {
  const entries = looked.map(({ instance, status, reasons, running }) => ({
    task: instance.id,
    target: instance.task.name,
    host: instance.host?.name ?? null,
    status,
    reasons,
    ...(running && { running }),
  }))
  return `${JSON.stringify(entries, null, 2)}\n`
}

function inText(looked: Looked[], verbose: boolean): string {
  const open = looked.filter(({ status }) => status !== 'up-to-date')
  const most = verbose ? Number.POSITIVE_INFINITY : 3
  const reasons = open.map(({ instance, status, reasons, running }) =>
    running
      ? `${instance.id} is running: a job of an earlier run, or of another operator's, is at work there`
      : `${instance.id} ${would[status]}: ${reasonsInWords(reasons, most)}`,
  )
  const matrix = statusMatrix(looked, standInWords, process.stdout.columns ?? 120)
  const conclusion = open.length === 0 ? ['Everything stands.'] : reasons
  return `${matrix}\n\n${conclusion.join('\n')}\n`
}
