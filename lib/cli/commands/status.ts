import { closure } from '../../model/graph.ts'
import { statusMatrix } from '../../render/status-matrix.ts'
import { reasonsInWords } from '../../report/words/reason.ts'
import { standInWords, would } from '../../report/words/status.ts'
import type { Looked } from '../../run/options.ts'
import type { Context } from '../command.ts'
import { command } from '../command.ts'
import type { Checked, DeepCheck } from '../deep-check.ts'
import { collectDeepCheck, deepCheckOf, tellDeepCheck } from '../deep-check.ts'
import { lookIn } from '../look.ts'
import { openWorkspace } from '../open-workspace.ts'
import { choice, flag } from '../option.ts'
import { print } from '../output.ts'
import { untilSignal } from '../signals.ts'

export const status = command({
  name: 'status',
  summary: 'Show what stands where; exit code 1 if something does not',
  options: {
    format: choice(['text', 'json'], 'a table or data'),
    deep: flag('then run the deep check of this workspace, on every host'),
  },
  run(context, { format, deep }) {
    return untilSignal(async (signal) => {
      const { graph, common } = context
      const task = deep ? deepCheckOf(context) : undefined
      // Tasks that run whenever they are asked for leave nothing that could stand.
      const targets = graph.tasks.filter(({ always }) => !always).map(({ name }) => name)
      const tasks = closure(graph, [...targets, ...(task ? [task.name] : [])])
      const { workspace, close } = await openWorkspace(context, tasks, { looking: true })
      try {
        const looked = targets.length === 0 ? [] : await lookIn(workspace, targets, signal)
        const kept = looked.filter(({ instance }) => !instance.task.always)
        const check = task && { task, workspace, common, signal }
        const exitCode = await (format === 'json' ? printJson(kept, check) : printText(kept, check, common))
        return exitCode || Number(kept.some(({ status }) => status !== 'up-to-date'))
      } finally {
        await close()
      }
    })
  },
})

/** @returns the exit code of the deep check */
async function printText(
  looked: Looked[],
  check: DeepCheck | undefined,
  { verbose }: Context['common'],
): Promise<number> {
  print(inText(looked, verbose))
  if (!check) return 0
  print('\n')
  return tellDeepCheck(check)
}

/** @returns the exit code of the deep check */
async function printJson(looked: Looked[], check: DeepCheck | undefined): Promise<number> {
  const { exitCode, checked } = check ? await collectDeepCheck(check) : { exitCode: 0, checked: [] }
  print(`${JSON.stringify([...looked.map(standInJson), ...checked.map(checkInJson)], null, 2)}\n`)
  return exitCode
}

function standInJson({ instance, status, reasons, running }: Looked) {
  const { id, task, host } = instance
  return { ...place(id, task.name, host?.name), status, reasons, ...(running && { running }) }
}

function checkInJson({ end, output }: Checked) {
  const { task: id, status, reasons, failure } = end
  const [target, host] = id.split('@')
  return { ...place(id, target!, host), status, reasons, ...(failure && { failure }), output }
}

function place(id: string, target: string, host: string | undefined) {
  return { task: id, target, host: host ?? null }
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
