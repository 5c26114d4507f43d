import { readSealed, writeSealed } from '../cache/sealed.ts'
import { countIn } from '../inputs/digest-memory.ts'
import { heldBy, type SurveyMemory } from '../inputs/survey-memory.ts'
import { worthSurveying } from '../inputs/worth-surveying.ts'
import type { Engine } from './engine.ts'

/** Keeps what was learnt about files, definitions and what stands. Losing it costs only time. */
export function saveMemory(engine: Engine): void {
  const { digests, remembered, definitions, glances, layout, faults } = engine
  const learnt = digests.learnt()
  const what = 'what was learnt in this run could not be kept'
  faults.attempt(() => remembered.save(learnt), what)
  faults.attempt(() => glances.save(), what)
  const memories = [
    [layout.survey, surveyToSave(engine, [...learnt.keys()])],
    [layout.definitions, definitions.toSave()],
  ] as const
  for (const [path, memory] of memories)
    if (memory) faults.attempt(() => writeSealed(path, memory, layout.temporary), what)
}

/** What the next run should look at while it starts, and what is known of that; undefined where it is as it was. What was
 *  in vain is not tried again before other files are known. `learntOf`: folders of which something was learnt. */
function surveyToSave(
  { faults, layout, options, remembered, workspace: { root, survey } }: Engine,
  learntOf: string[],
): SurveyMemory | undefined {
  const isVain = survey?.isVain ?? false
  const seen = survey?.learnt() ?? new Map<string, string>()
  // Only `--verify full` may find that a folder holds another thing than it held when it looked so.
  const isAsKnown =
    options.verify === 'full' ? learntOf.length === 0 : learntOf.every((folder) => survey?.looksInto(folder))
  if (isAsKnown && seen.size === 0 && !isVain) return undefined
  const known = readSealed<SurveyMemory>(layout.survey, faults.unusable)
  if (learntOf.length === 0 && isVain) return known && { schema: 1, folders: [], files: 0 }
  const before = new Set(isVain ? [] : known?.folders)
  const wanted = () => new Map(remembered.all().map(([folder, text]) => [folder, countIn(text)]))
  const isWhere = known && learntOf.every((folder) => before.has(folder))
  const { folders, files } = isWhere ? known : worthSurveying(root, wanted(), before)
  if (files === 0 && !known) return undefined
  return { schema: 1, folders, files, held: heldBy(folders, known, learntOf, seen) }
}
