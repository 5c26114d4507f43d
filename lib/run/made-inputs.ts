import { matcher } from '../inputs/find-files.ts'
import { badTask } from '../model/bad-task.ts'
import type { Declarations } from '../model/declarations.ts'
import type { Instance } from '../model/instance.ts'
import { isGlob } from '../model/pattern.ts'
import { UsageError } from '../model/problem.ts'
import type { MakerOf } from './makers.ts'

type DeclarationsOf = (instance: Instance) => Declarations

/** Refuses inputs that another task makes without being needed, or that are the task's own outputs. */
export function checkMadeInputs(instances: Instance[], declarations: DeclarationsOf, makerOf: MakerOf): void {
  for (const instance of instances) {
    for (const { path, maker } of madeInputs(instance, declarations, makerOf)) {
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

/** An input that a needed task makes enters the key as what that task made: it becomes a need for this very file. */
export function needMadeInputs(instances: Instance[], declarations: DeclarationsOf, makerOf: MakerOf): void {
  for (const instance of instances)
    for (const { path, maker } of madeInputs(instance, declarations, makerOf)) {
      const made = neededBy(instance, maker)!
      const place = instance.needs.findIndex(({ need }) => need.task === made.task)
      const known = instance.needs[place]
      if (!known) instance.needs.push({ need: { task: made.task, only: [path] }, instances: [made] })
      else if (known.need.only && !matcher(known.need.only)(path))
        instance.needs[place] = { ...known, need: { ...known.need, only: [...known.need.only, path] } }
    }
}

/** Inputs that are declared by their very path, and by whom they are made. A glob never means what a task makes. */
function madeInputs(instance: Instance, declarations: DeclarationsOf, makerOf: MakerOf) {
  const literal = declarations(instance).files.filter((path) => !path.startsWith('!') && !isGlob(path))
  return literal.flatMap((path) => {
    const maker = makerOf(path)
    return maker ? [{ path, maker }] : []
  })
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
