import { reasonsAsClauses } from '../../report/words/reason.ts'
import { standInWords } from '../../report/words/status.ts'
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
      print(format === 'json' ? inJson(asked) : inText(asked, context.common.verbose))
      return 0
    })
  },
})

function inJson(looked: Looked[]): string {
  const entries = looked.map(({ instance, status, reasons }) => ({ task: instance.id, status, reasons }))
  return `${JSON.stringify(entries, null, 2)}\n`
}

function inText(looked: Looked[], verbose: boolean): string {
  if (looked.length === 0) return 'No host has this task.\n'
  const most = verbose ? Number.POSITIVE_INFINITY : 10
  const lines = looked.flatMap((one) => [
    conclusion(one),
    ...reasonsAsClauses(one.reasons, most).map((clause) => `  - ${clause}`),
  ])
  return `${lines.join('\n')}\n`
}

function conclusion({ instance, status, reasons, finishedAt }: Looked): string {
  const conclusion = `${instance.id}: ${standInWords({ status, reasons })}`
  if (reasons.length > 0) return `${conclusion}, because`
  return finishedAt === undefined ? conclusion : `${conclusion}, as made on ${day(finishedAt)}`
}

/** `2026-11-01 at 10:00:05 UTC` */
function day(iso: string): string {
  return iso.replace(/T([\d:]+).*/, ' at $1 UTC')
}
