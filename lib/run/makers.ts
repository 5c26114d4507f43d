import { join } from 'node:path'
import { statIfThere } from '../disk/stat-if-there.ts'
import { matcher } from '../inputs/find-files.ts'
import { addTo } from '../model/add-to.ts'
import { type Declarations, localOutputs } from '../model/declarations.ts'
import { digestOf } from '../model/digest.ts'
import type { Instance } from '../model/instance.ts'
import { isGlob, patternsOverlap } from '../model/pattern.ts'
import { atAndAbove, placeOf } from './places.ts'

/** What an instance says that it makes. */
export interface Claim {
  instance: Instance
  pattern: string
}

/** Who makes which files of the workspace. */
export class Makers {
  readonly #root: string
  readonly #patterns: string[][] = []
  #print: string | undefined
  readonly #claims: Claim[] = []
  readonly #byName = new Map<string, Instance>()
  readonly #ofFolders = new Map<string, Instance | undefined>()
  readonly #others: { makes(path: string): boolean; instance: Instance }[] = []
  /** By the folders that a claim surely lies in, and by the last of these for globs, which may mean more below it. */
  readonly #inside = new Map<string, Claim[]>()
  readonly #globs = new Map<string, Claim[]>()

  constructor(root: string, instances: Instance[], declarations: (instance: Instance) => Declarations) {
    this.#root = root
    for (const instance of instances) {
      const patterns = localOutputs(instance.task, declarations(instance))
      this.#patterns.push(patterns)
      const named = !patterns.some((pattern) => pattern.startsWith('!') || isGlob(pattern))
      if (named) for (const path of patterns) this.#byName.set(path, instance)
      else this.#others.push({ makes: matcher(patterns), instance })
      for (const pattern of patterns) if (!pattern.startsWith('!')) this.#claims.push({ instance, pattern })
    }
  }

  /** Tells apart all that is made here by anybody: no glob of inputs means any of it. */
  get print(): string {
    return (this.#print ??= digestOf(JSON.stringify(this.#patterns)))
  }

  /** The instance among whose outputs a path is. */
  of(path: string): Instance | undefined {
    return this.#named(path) ?? this.#others.find(({ makes }) => makes(path))?.instance
  }

  /** Many paths are asked for in one folder. */
  #named(path: string): Instance | undefined {
    const found = this.#byName.get(path)
    const end = path.lastIndexOf('/')
    if (found || end < 0) return found
    const folder = path.slice(0, end)
    if (!this.#ofFolders.has(folder)) this.#ofFolders.set(folder, this.#named(folder))
    return this.#ofFolders.get(folder)
  }

  /** What is made in a folder. */
  inside(folder: string): Claim[] {
    // Only now: most workspaces never ask.
    for (const claim of this.#claims.splice(0)) this.#place(claim)
    const sure = this.#inside.get(folder) ?? []
    if (this.#globs.size === 0) return sure
    const possible = atAndAbove(folder).flatMap((place) => this.#globs.get(place) ?? [])
    const meeting = possible.filter(
      (claim) => !sure.includes(claim) && patternsOverlap(claim.pattern, folder),
    )
    return meeting.length > 0 && this.#isFolder(folder) ? [...sure, ...meeting] : sure
  }

  #isFolder(path: string): boolean {
    try {
      return statIfThere(join(this.#root, path))?.isDirectory() ?? false
    } catch {
      return false // whoever reads what is there says what is wrong with it
    }
  }

  #place(claim: Claim): void {
    const folder = placeOf(claim.pattern)
    for (const place of atAndAbove(folder)) addTo(this.#inside, place, claim)
    if (isGlob(claim.pattern)) addTo(this.#globs, folder, claim)
  }
}
