import { matcher } from '../inputs/find-files.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import { isGlob } from '../model/pattern.ts'
import { UsageError } from '../model/problem.ts'
import type { Engine } from './engine.ts'

/** Refuses declared inputs that are not there, or that another task makes without being needed. */
export function checkInputs(engine: Engine): void {
  const makers = engine.instances.map((instance) => ({
    task: instance.task,
    makes: instance.task.on ? () => false : matcher(engine.declarations(instance).outputs),
  }))
  for (const instance of engine.instances) {
    const patterns = engine.declarations(instance).files
    if (patterns.length === 0) continue
    const literal = patterns.filter((pattern) => !pattern.startsWith('!') && !isGlob(pattern))
    for (const path of literal) {
      const maker = makers.find(({ task, makes }) => task !== instance.task && makes(path))
      if (maker && !neededTasks(instance).has(maker.task))
        throw new UsageError({
          kind: 'undeclared-need',
          task: instance.task.name,
          path,
          maker: maker.task.name,
        })
    }
    const made = (path: string) => makers.some(({ makes }) => makes(path))
    const missing = engine.finder.inputs(patterns).missing.find((path) => !made(path))
    if (missing !== undefined)
      throw new UsageError({
        kind: 'missing-input',
        task: instance.task.name,
        path: missing,
        file: fileOf(instance.task),
      })
  }
}

function neededTasks(instance: Instance): Set<unknown> {
  const open = new Set([instance])
  for (const { needs } of open)
    for (const { instances } of needs) for (const needed of instances) open.add(needed)
  return new Set([...open].map(({ task }) => task))
}
