import { cacheLayout } from '../../cache/layout.ts'
import { Parts } from '../../cache/parts.ts'
import { FileDigests } from '../../inputs/file-digests.ts'
import { FileFinder, matcherOfAny } from '../../inputs/find-files.ts'
import { type FileState, sameFile } from '../../model/file-state.ts'
import type { Declared } from './declared.ts'

/** What declared files were at some moment, as far as a key is concerned: a touched file is no other file. */
export type Snapshot = Map<string, FileState | undefined>

/** Takes snapshots of a workspace. Hashes only what was touched since the last one, or the last run. */
export class Camera {
  readonly #root: string
  readonly #digests: FileDigests

  constructor(root: string) {
    this.#root = root
    // A damaged memory is told by the run, which reads it, too.
    const { digests, temporary } = cacheLayout(root)
    const remembered = new Parts(digests, temporary, () => {})
    this.#digests = new FileDigests(root, (folder) => remembered.get(folder))
  }

  async take({ inputs, outputs, sources }: Declared): Promise<Snapshot> {
    const finder = new FileFinder(this.#root, matcherOfAny(outputs))
    const found = inputs.flatMap((patterns) => readable(() => finder.inputs(patterns).paths) ?? [])
    const paths = [...new Set([...found, ...sources])].sort()
    await this.#digests.prepare(paths)
    return new Map(paths.map((path) => [path, readable(() => this.#digests.state(path))]))
  }
}

/** The paths where two snapshots do not agree. */
export function difference(before: Snapshot, after: Snapshot): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  return paths.filter((path) => !sameFile(before.get(path), after.get(path)))
}

/** What cannot be read counts as not there: the run that needs it says what is wrong with it. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
