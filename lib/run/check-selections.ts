import { addTo } from '../model/add-to.ts'
import { badTask } from '../model/bad-task.ts'
import { type Declarations, localOutputs } from '../model/declarations.ts'
import type { Graph } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import { normalPattern, patternsOverlap } from '../model/pattern.ts'
import { suggest } from '../model/shape.ts'
import type { Task } from '../model/task.ts'

type DeclarationsOf = (instance: Instance) => Declarations

/** Refuses `only(task, …)` for what that task does not make: nothing that it makes would ever count. */
export function checkSelections(
  { tasks, needs }: Graph,
  all: Instance[],
  declarations: DeclarationsOf,
): void {
  const selecting = tasks.filter((task) => needs.get(task)!.some(({ only }) => only))
  if (selecting.length === 0) return
  const instancesOf = new Map<Task, Instance[]>()
  for (const instance of all) addTo(instancesOf, instance.task, instance)
  for (const task of selecting)
    for (const [index, { task: needed, only }] of needs.get(task)!.entries()) {
      if (!only) continue
      const makers = instancesOf.get(needed) ?? []
      const outputs = outputsOf(makers, declarations)
      // A function may say that nothing is made here, and a role may have no hosts.
      if (outputs.length === 0 && (isTold(needed) || makers.length === 0)) continue
      const pattern = inVain(only, outputs, needed)
      if (pattern === undefined) continue
      throw badTask(task, {
        place: `needs[${index}].only[${only.indexOf(pattern)}]`,
        problem: `is "${pattern}", which none of the outputs of \`${needed.name}\` can match`,
        advice:
          outputs.length > 0 ? suggest(pattern, outputs) : `It has none: need \`${needed.name}\` itself.`,
      })
    }
}

/** Whatever its instances make, on hosts and at home. */
function outputsOf(makers: Instance[], declarations: DeclarationsOf): string[] {
  const patterns = makers.flatMap((instance) => {
    const declared = declarations(instance)
    return [...declared.outputs, ...localOutputs(instance.task, declared)]
  })
  return [...new Set(patterns)].filter(isNoExclusion)
}

/** Where a function says what is made, it may say less for one configuration or host than for another: then some of what is
 *  selected is enough. */
function inVain(only: string[], outputs: string[], task: Task): string | undefined {
  const selected = only.filter(isNoExclusion)
  const unmatched = selected.filter((pattern) => !canMatch(pattern, outputs))
  const isEnough = isTold(task) && unmatched.length < selected.length
  return isEnough ? undefined : unmatched[0]
}

function canMatch(pattern: string, outputs: string[]): boolean {
  const path = normalPattern(pattern)
  return path === '.' || outputs.some((output) => patternsOverlap(path, output))
}

function isTold({ outputs, collect, skip }: Task): boolean {
  return (
    skip !== undefined ||
    [outputs, collect].some((one) => typeof one === 'function' || typeof one?.files === 'function')
  )
}

function isNoExclusion(pattern: string): boolean {
  return !pattern.startsWith('!')
}
