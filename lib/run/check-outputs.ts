import { relative } from 'node:path'
import { addTo } from '../model/add-to.ts'
import { badTask } from '../model/bad-task.ts'
import { type Declarations, localOutputs } from '../model/declarations.ts'
import { fileOf } from '../model/graph.ts'
import type { Instance } from '../model/instance.ts'
import { isGlob, patternsOverlap } from '../model/pattern.ts'
import { UsageError } from '../model/problem.ts'
import type { Task } from '../model/task.ts'
import type { Claim, Makers } from './makers.ts'
import { atAndAbove, placeOf } from './places.ts'

/** Refuses a graph in which two instances could make the same file: on the operator's machine, or on one host. */
export function checkOutputs(
  instances: Instance[],
  declarations: (instance: Instance) => Declarations,
): void {
  const places = new Map<string, Claim[]>()
  const claim = (place: string, instance: Instance, patterns: string[]) => {
    const claims = places.get(place) ?? []
    places.set(place, claims)
    for (const pattern of patterns) if (!pattern.startsWith('!')) claims.push({ instance, pattern })
  }
  for (const instance of instances) {
    const declared = declarations(instance)
    claim('', instance, localOutputs(instance.task, declared))
    if (instance.host) claim(`@${instance.host.name}`, instance, declared.outputs)
  }
  for (const claims of places.values()) refuseOverlaps(claims)
}

/** Outputs are removed before their task runs: no task must remove its own program, or another's. */
export function checkModules(root: string, tasks: Task[], makers: Makers): void {
  for (const path of [...new Set(tasks.map(fileOf))].map((file) => relative(root, file))) {
    const maker = makers.of(path)
    if (!maker) continue
    const problem = `mean \`${path}\`, in which a task is written: outputs are removed before their task runs`
    throw badTask(maker.task, { place: 'outputs.files', problem, advice: 'Name what the task makes.' })
  }
}

function refuseOverlaps(claims: Claim[]): void {
  const plain = new Map<string, Claim>()
  const globs: Claim[] = []
  for (const claim of claims) {
    if (isGlob(claim.pattern)) {
      globs.push(claim)
      continue
    }
    const other = plain.get(claim.pattern)
    if (other && other.instance !== claim.instance) refuse(other, claim)
    plain.set(claim.pattern, claim)
  }
  for (const claim of plain.values())
    for (let end = claim.pattern.lastIndexOf('/'); end > 0; end = claim.pattern.lastIndexOf('/', end - 1)) {
      const above = plain.get(claim.pattern.slice(0, end))
      if (above && above.instance !== claim.instance) refuse(above, claim)
    }
  if (globs.length > 0) refuseOverlapsOf(globs, claims)
}

/** A glob can meet what lies below the folder that it lies in, and what lies right in one above that. */
function refuseOverlapsOf(globs: Claim[], claims: Claim[]): void {
  const inFolder = new Map<string, Claim[]>()
  const below = new Map<string, Claim[]>()
  for (const claim of claims) {
    const place = placeOf(claim.pattern)
    addTo(inFolder, place, claim)
    for (const folder of atAndAbove(place)) addTo(below, folder, claim)
  }
  for (const glob of globs) {
    const place = placeOf(glob.pattern)
    const near = [...below.get(place)!, ...atAndAbove(place).flatMap((folder) => inFolder.get(folder) ?? [])]
    for (const claim of near)
      if (claim.instance !== glob.instance && patternsOverlap(glob.pattern, claim.pattern))
        refuse(glob, claim)
  }
}

function refuse(a: Claim, b: Claim): never {
  throw new UsageError({
    kind: 'overlapping-outputs',
    tasks: [a.instance.id, b.instance.id],
    patterns: [a.pattern, b.pattern],
  })
}
