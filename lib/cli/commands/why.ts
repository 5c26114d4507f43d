import { reasonInWords } from '../../report/words/reason.ts'
import { would } from '../../report/words/status.ts'
import type { Looked } from '../../run/options.ts'
import { command } from '../command.ts'
import { look } from '../look.ts'
import { choice } from '../option.ts'
import { print } from '../output.ts'
import { untilSignal } from '../signals.ts'
import { taskName } from '../targets.ts'

export const why = command({
  name: 'why',
  summary: 'Say why each instance of a target would run, or would not',
  argument: 'TARGET…',
  options: { format: choice(['text', 'json'], 'sentences or data') },
  run(context, { format }, targets) {
    return untilSignal(async (signal) => {
      const all = await look(context, targets, signal)
      const asked = all.filter(({ instance }) =>
        targets.some((target) => target === instance.id || target === taskName(instance.id)),
      )
      print(format === 'json' ? inJson(asked) : inText(asked))
      return 0
    })
  },
})

function inJson(looked: Looked[]): string {
  const entries = looked.map(({ instance, status, reasons }) => ({ task: instance.id, status, reasons }))
  return `${JSON.stringify(entries, null, 2)}\n`
}

function inText(looked: Looked[]): string {
  const paragraphs = looked.map(({ instance, status, reasons }) =>
    [
      `${instance.id}: ${would[status]}${reasons.length > 0 ? ', because' : ''}`,
      ...reasons.map((reason) => `  - ${reasonInWords(reason)}`),
    ].join('\n'),
  )
  return paragraphs.length === 0 ? 'No host has this task.\n' : `${paragraphs.join('\n')}\n`
}
