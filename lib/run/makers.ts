import { matcher } from '../inputs/find-files.ts'
import { type Declarations, localOutputs } from '../model/declarations.ts'
import type { Instance } from '../model/instance.ts'
import { isGlob } from '../model/pattern.ts'

export type MakerOf = (path: string) => Instance | undefined

/** Who makes a file of the workspace: the instance among whose local outputs its path is. */
export function makersOf(instances: Instance[], declarations: (instance: Instance) => Declarations): MakerOf {
  const byName = new Map<string, Instance>()
  const others: { makes(path: string): boolean; instance: Instance }[] = []
  for (const instance of instances) {
    const patterns = localOutputs(instance.task, declarations(instance))
    const named = !patterns.some((pattern) => pattern.startsWith('!') || isGlob(pattern))
    if (named) for (const path of patterns) byName.set(path, instance)
    else others.push({ makes: matcher(patterns), instance })
  }
  return (path) => atOrAbove(path, byName) ?? others.find(({ makes }) => makes(path))?.instance
}

function atOrAbove(path: string, places: Map<string, Instance>): Instance | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const found = places.get(path.slice(0, end))
    if (found) return found
  }
  return undefined
}
