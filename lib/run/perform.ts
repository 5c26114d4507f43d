import { restore } from '../cache/restore.ts'
import type { Signatures } from '../inputs/signatures.ts'
import { Failed } from '../model/failure.ts'
import { type Instance, nameOnHost } from '../model/instance.ts'
import type { MadeBy } from '../model/made.ts'
import type { Reason } from '../model/reason.ts'
import type { TaskRecord } from '../model/record.ts'
import { broughtFrom, extraUnlessMade } from './decide.ts'
import type { Engine } from './engine.ts'
import { execute } from './execute.ts'
import { fetchLacked } from './fetch-lacked.ts'
import { decidingUntouched } from './glimpse.ts'
import { judge } from './judge.ts'
import { leaveCoresToCommands } from './leave-cores.ts'
import { type Look, lookAtInstance } from './look-at-instance.ts'
import { digestOfMade } from './made-later.ts'
import { madeOf, type Outcome } from './outcome.ts'
import { replay } from './replay.ts'
import type { Step } from './step.ts'
import type { Tools } from './tools.ts'
import type { Turn } from './turns.ts'

/** What was judged longer ago is judged anew before it runs: much may have changed meanwhile. */
const freshMs = 50

/** Judges an instance and does what the decision says: it runs when it is its turn. */
export async function perform(
  engine: Engine,
  instance: Instance,
  madeBy: MadeBy,
  tools: Tools,
  whenDue: Turn,
): Promise<Outcome> {
  const anew = (turn: Turn) => perform(engine, instance, madeBy, tools, turn)
  const mayChange = !tools.lease.isHeld
  const look = await lookFirst(engine, instance, madeBy)
  const judgement = await judge(engine, instance, madeBy, tools.signal, look)
  const step: Step = { engine, instance, judgement, madeBy, tools }
  const { contents, decision, key, record } = judgement
  if (decision.do === 'nothing') {
    const made = judgement.made!
    if (record) keepInMind(step, judgement.latest)
    if (contents) engine.glances.keep(instance.id, { contents, key, made: digestOfMade(made) })
    if (instance.host && mayChange) relyOn(step)
    return { status: 'up-to-date', reasons: [], key, contents, made }
  }
  refuseUnknown(step)
  tools.lock.assertHeld()
  if (decision.do === 'restore') {
    // Half-way back to what stood last, nothing is what no record says.
    if (judgement.latest?.key !== key) withdrawLatest(step)
    if ((await fetchLacked(step)) && (await putBack(step))) {
      keepInMind(step, judgement.latest)
      replay(step)
      warnOfEdits(step)
      if (instance.host && mayChange) relyOn(step)
      return { status: 'restored', reasons: decision.reasons, key, contents, made: madeOf(record!) }
    }
  }
  if (instance.host && (await tools.lease.take()) && mayChange) {
    engine.checks.forget()
    return anew(whenDue)
  }
  // Whatever it does, a survey cannot have seen; and of its own inputs counts how they are by now.
  engine.workspace.survey?.forget()
  if (!look.inputs) return anew(whenDue)
  const { inputs } = look
  return whenDue(async (leave, waitedMs) => {
    if (waitedMs > freshMs) {
      engine.finder.forget()
      return anew((run) => run(leave, 0))
    }
    const reasons = decision.reasons.map((reason) => broughtFrom(undefined, reason))
    const executed = await run(step, inputs, reasons, leave)
    if (!instance.task.keepOutputs) warnOfEdits(step)
    return {
      status: 'ran',
      reasons,
      key,
      made: madeOf(executed.record),
      ...(executed.isKept && { contents }),
    }
  })
}

/** As a survey saw it, where that suffices: this run is alone here, and what it puts back changes no input of others. */
async function lookFirst(engine: Engine, instance: Instance, madeBy: MadeBy): Promise<Look> {
  const others = decidingUntouched(engine, instance, madeBy)
  return others === undefined ? lookAtInstance(engine, instance, madeBy) : { others }
}

/** Until this run has the lease, another may change what it has found. */
function relyOn({ engine, instance, judgement: { key }, tools }: Step): void {
  const { id, host } = instance
  tools.lease.relyOn(id, async () => {
    const session = await engine.workspace.fleet.session(host!)
    const { verify = 'fast' } = engine.options
    const { receipt, missing, changed } = await session.check({
      task: nameOnHost(instance),
      facts: {},
      verify,
    })
    return receipt?.key === key && missing.length + changed.length === 0
  })
}

/** Only where needs are left out of the run (`--only`, `--limit`) and never ran to their end: looking calls that unknown. */
function refuseUnknown({ instance, judgement: { unknown } }: Step): void {
  if (unknown.length === 0) return
  throw new Failed({
    kind: 'refused',
    problem: `\`${instance.id}\` needs what ${unknown.map((need) => `\`${need}\``).join(', ')} makes, and that has not run to its end.`,
    advice: 'Run it first, or leave out `--only` and `--limit`.',
  })
}

async function run(step: Step, inputs: Signatures, reasons: Reason[], leave: () => void) {
  const { engine, instance, tools } = step
  tools.signal.throwIfAborted()
  tools.lock.assertHeld()
  withdrawLatest(step)
  leaveCoresToCommands()
  tools.emit({ type: 'task-start', task: instance.id, reasons })
  try {
    return await execute(step, inputs, reasons, leave)
  } finally {
    engine.checks.forget()
  }
}

/** False where a content turned out damaged or gone: the instance must run after all. */
async function putBack({ engine, instance: { id }, judgement, tools }: Step): Promise<boolean> {
  const { layout, blobs, faults, workspace } = engine
  const { signal } = tools
  const what = `\`${id}\` could not be restored`
  let done = false
  const putting = async () => {
    done = await restore(judgement.atHome, judgement.present, { root: workspace.root, layout, blobs, signal })
  }
  const tried = await faults.attemptLong(putting, what, signal)
  if (tried && !done) faults.tell(what, 'a stored content is damaged or gone')
  return done
}

/** Once they are put right. */
function warnOfEdits({ instance: { id }, judgement: { changed, key, latest }, tools }: Step): void {
  if (latest?.key !== key) return
  for (const path of changed)
    tools.warn({ kind: 'output-edited', task: id, path, ...extraUnlessMade(latest, path) })
}

/** What is left behind half-way was edited by nobody. Of a host its receipt tells. */
function withdrawLatest({ engine: { faults, glances, records }, instance: { id, task } }: Step): void {
  if (task.on) return
  const what = `the record of \`${id}\` could not be kept`
  faults.attempt(() => glances.withdraw(id), what)
  faults.attempt(() => records.withdrawLatest(id), what)
}

/** The next run explains its reasons by what stands now. */
function keepInMind(
  { engine, instance, judgement: { key, record } }: Step,
  latest: TaskRecord | undefined,
): void {
  const { id, task } = instance
  const { glances, records, faults } = engine
  faults.attempt(() => {
    if (latest?.key !== key) glances.withdraw(id)
    if (task.on) {
      if (record && records.latest(id)?.key !== key) records.save(id, record)
    } else if (latest?.key !== key) records.makeLatest(id, key)
    records.markUsed(id, key)
  }, `the record of \`${id}\` could not be kept`)
}
