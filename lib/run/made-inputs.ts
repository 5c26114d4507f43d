import { matcher } from '../inputs/find-files.ts'
import { badTask } from '../model/bad-task.ts'
import type { Declarations } from '../model/declarations.ts'
import type { Instance } from '../model/instance.ts'
import { isGlob } from '../model/pattern.ts'
import { UsageError } from '../model/problem.ts'
import type { Makers } from './makers.ts'

type DeclarationsOf = (instance: Instance) => Declarations

/** Those of all instances that have any. */
export function allMadeInputs(
  instances: Instance[],
  declarations: DeclarationsOf,
  makers: Makers,
): Map<Instance, MadeInput[]> {
  const all = new Map<Instance, MadeInput[]>()
  for (const instance of instances) {
    const made = madeInputs(instance, declarations(instance), makers)
    if (made.length > 0) all.set(instance, made)
  }
  return all
}

/** Refuses inputs that another task makes without being needed, or that are the task's own outputs. */
export function checkMadeInputs(all: Map<Instance, MadeInput[]>): void {
  for (const [instance, made] of all) {
    for (const { path, maker } of made) {
      const [reader, owner] = [instance.task, maker.task]
      if (maker.id === instance.id)
        throw badTask(reader, {
          place: 'inputs.files',
          problem: `holds \`${path}\`, which is among its own outputs: these are removed before it runs`,
          advice: 'Take it out of `inputs.files`, or let `outputs.files` mean less.',
        })
      if (!neededBy(instance, maker))
        throw new UsageError({ kind: 'undeclared-need', task: reader.name, path, maker: owner.name })
    }
  }
}

/** An input that a needed task makes enters the key as what that task made: it becomes a need for just this. */
export function needMadeInputs(all: Map<Instance, MadeInput[]>, declarations: DeclarationsOf): void {
  for (const [instance, made] of all) {
    const excluded = declarations(instance).files.filter(isExclusion)
    for (const { input, maker } of made) {
      const needed = neededBy(instance, maker)!
      const only = [input, ...excluded]
      instance.needs.push({ need: { task: needed.task, only }, instances: [needed] })
    }
  }
}

interface MadeInput {
  /** As it is declared. */
  input: string
  /** The same, or what is made in the folder that it is. */
  path: string
  maker: Instance
}

/** Inputs that are declared by their very path, and by whom they, or files in them, are made. A glob never means what a task
 *  makes, and nor does `.`, which is everything. */
export function madeInputs(instance: Instance, { files }: Declarations, makers: Makers): MadeInput[] {
  return files.filter(isVeryPath).flatMap((input) => {
    const maker = makers.of(input)
    if (maker) return [{ input, path: input, maker }]
    const claims = makers.inside(input).filter((claim) => claim.instance.id !== instance.id)
    const counting = claims.filter(({ pattern }) => !isExcluded(pattern, files))
    const byMaker = new Map(counting.map((claim) => [claim.instance, claim.pattern]))
    return [...byMaker].map(([maker, path]) => ({ input, path, maker }))
  })
}

function isVeryPath(path: string): boolean {
  return !isExclusion(path) && !isGlob(path) && path !== '.'
}

/** Whether all that an output pattern may mean is excluded; where that is hard to tell, no. */
function isExcluded(pattern: string, files: string[]): boolean {
  const excluded = files.filter(isExclusion).map((path) => path.slice(1))
  if (!isGlob(pattern)) return matcher(excluded)(pattern)
  const folders = excluded.map((path) => path.replace(/(\/\*\*)+$/, '')).filter((path) => !isGlob(path))
  return excluded.includes(pattern) || matcher(folders)(pattern)
}

function isExclusion(path: string): boolean {
  return path.startsWith('!')
}

/** The very object among those that an instance waits for, at whatever remove. */
function neededBy(instance: Instance, { id }: Instance): Instance | undefined {
  const open = new Set([instance])
  for (const { needs } of open)
    for (const { instances } of needs)
      for (const needed of instances) {
        if (needed.id === id) return needed
        open.add(needed)
      }
  return undefined
}
