import { restore } from '../cache/restore.ts'
import { Failed } from '../model/failure.ts'
import type { Instance } from '../model/instance.ts'
import type { Made } from '../model/made.ts'
import type { Reason } from '../model/reason.ts'
import type { Engine } from './engine.ts'
import { execute } from './execute.ts'
import { type Judgement, judge } from './judge.ts'
import { madeOf, type Outcome } from './outcome.ts'
import type { Tools } from './tools.ts'

/** Judges an instance and does what the decision says. `alone` admits it to its pool while it runs. */
export async function perform(
  engine: Engine,
  instance: Instance,
  madeBy: (instance: Instance) => Made | undefined,
  tools: Tools,
  alone: <T>(act: () => Promise<T>) => Promise<T>,
): Promise<Outcome> {
  const judgement = await judge(engine, instance, madeBy, tools.signal)
  const { decision, key, record } = judgement
  if (decision.do === 'nothing') {
    keepInMind(engine, instance, judgement, tools)
    return { status: 'up-to-date', reasons: [], key, made: madeOf(record!) }
  }
  refuseUnknown(instance, judgement)
  warnOfEdits(instance, judgement, tools)
  if (decision.do === 'restore' && putBack(engine, instance, judgement, tools)) {
    keepInMind(engine, instance, judgement, tools)
    return { status: 'restored', reasons: decision.reasons, key, made: madeOf(record!) }
  }
  const { reasons } = decision
  const made = await alone(() => run(engine, instance, judgement, reasons, madeBy, tools))
  return { status: 'ran', reasons, key, made }
}

/** Only where needs are left out of the run (`--only`, `--limit`) and never ran before. */
function refuseUnknown({ id }: Instance, { unknown }: Judgement): void {
  if (unknown.length === 0) return
  throw new Failed({
    kind: 'refused',
    problem: `\`${id}\` needs what ${unknown.map((need) => `\`${need}\``).join(', ')} makes, and that has not run yet.`,
    advice: 'Run it first, or leave out `--only` and `--limit`.',
  })
}

async function run(
  engine: Engine,
  instance: Instance,
  judgement: Judgement,
  reasons: Reason[],
  madeBy: (instance: Instance) => Made | undefined,
  tools: Tools,
): Promise<Made> {
  tools.signal.throwIfAborted()
  tools.emit({ type: 'task-start', task: instance.id, reasons })
  try {
    return madeOf(await execute(engine, instance, judgement, reasons, madeBy, tools))
  } finally {
    engine.checks.forget()
  }
}

/** False where a content turned out damaged or gone: the instance must run after all. */
function putBack(
  { workspace: { root }, layout, blobs }: Engine,
  { id, task }: Instance,
  { record, present }: Judgement,
  tools: Tools,
): boolean {
  const files = (task.on ? record?.collected : record?.outputs) ?? {}
  try {
    if (restore(files, present, { root, layout, blobs })) return true
    tools.warn({
      kind: 'cache-fault',
      what: `\`${id}\` could not be restored`,
      detail: 'a stored content is damaged or gone',
    })
  } catch (error) {
    tools.warn({
      kind: 'cache-fault',
      what: `\`${id}\` could not be restored`,
      detail: (error as Error).message,
    })
  }
  return false
}

function warnOfEdits({ id }: Instance, { changed, key, latest }: Judgement, tools: Tools): void {
  if (latest?.key === key) for (const path of changed) tools.warn({ kind: 'output-edited', task: id, path })
}

/** The next run explains its reasons by what stands now. */
function keepInMind(
  { records }: Engine,
  { id, task }: Instance,
  { key, latest, record }: Judgement,
  tools: Tools,
): void {
  try {
    if (task.on) {
      if (record && records.latest(id)?.key !== key) records.save(id, record)
    } else if (latest?.key !== key) records.makeLatest(id, key)
  } catch (error) {
    tools.warn({
      kind: 'cache-fault',
      what: `the record of \`${id}\` could not be kept`,
      detail: (error as Error).message,
    })
  }
}
