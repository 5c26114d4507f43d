import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Part, World } from './oracle.ts'
import type { Changes, Folder } from './world-edits.ts'

/** Edits that no world knows of: of the times of inputs, of outputs behind the engine's back, of its own memory. */
export type DiskEdit =
  | { kind: 'touch-inputs'; in: Folder }
  | { kind: 'delete-outputs' | 'add-outputs'; at: number }
  | OutputEdit
  | { kind: 'damage'; how: Damage; file: number }

type OutputEdit = {
  kind: 'delete-output' | 'write-output' | 'flip-output-exec' | 'output-to-link' | 'output-to-folder'
  at: number
  part: Part
}

/** `scramble` keeps the size. */
export type Damage = 'delete-all' | 'delete' | 'truncate' | 'scramble'

/** A file that no task declares, and that links in the place of outputs lead to. */
export const bystander = 'bystander.txt'

interface Place {
  root: string
  /** Folder of the outputs that the edit is about. */
  out: string
  /** Of the inputs. */
  in: string
}

export function changeDisk(root: string, { steps }: World, edit: DiskEdit): void {
  const numbered = (at: Folder) => (at === 'shared' ? at : String(at % steps.length))
  const place = {
    root,
    out: join(root, 'out', numbered('at' in edit ? edit.at : 0)),
    in: join(root, 'in', numbered('in' in edit ? edit.in : 0)),
  }
  const change = changes[edit.kind] as (place: Place, edit: DiskEdit) => void
  change(place, edit)
}

const changes: Changes<DiskEdit, Place> = {
  'touch-inputs': (place) => {
    for (const path of filesBelow(place.in)) if (lstatSync(path).isFile()) utimesSync(path, 1, 2)
  },
  'delete-outputs': ({ out }) => {
    rmSync(out, { recursive: true, force: true })
  },
  'add-outputs': ({ out }) => {
    mkdirSync(join(out, 'deep'), { recursive: true })
    for (const name of ['deep/extra', 'part-extra']) writeFileSync(join(out, name), 'by hand')
  },
  'delete-output': (place, edit) => {
    for (const path of outputs(place, edit)) rmSync(path)
  },
  /** Of the same size, with the old times put back: the most that an editor can do to hide it. */
  'write-output': (place, edit) => {
    for (const path of outputs(place, edit).filter(isFile)) keepingTimes(path, scramble)
  },
  'flip-output-exec': (place, edit) => {
    for (const path of outputs(place, edit).filter(isFile)) chmodSync(path, statSync(path).mode ^ 0o111)
  },
  'output-to-link': (place, edit) => {
    for (const path of outputs(place, edit)) {
      rmSync(path)
      symlinkSync(join(place.root, bystander), path)
    }
  },
  'output-to-folder': (place, edit) => {
    for (const path of outputs(place, edit)) {
      rmSync(path)
      mkdirSync(join(path, 'deeper'), { recursive: true })
      // `part-*` does not mean what is below `part-1`: that would be somebody else's.
      if (edit.part !== 'part-') writeFileSync(join(path, 'inside'), 'by hand')
    }
  },
  damage: ({ root }, { how, file }) => {
    const cache = join(root, '.cache')
    if (how === 'delete-all') rmSync(cache, { recursive: true, force: true })
    const files = filesBelow(cache)
    const path = files[file % files.length]
    if (path) damages[how](path)
  },
}

const damages: Record<Damage, (path: string) => void> = {
  'delete-all': () => {},
  delete: (path) => rmSync(path),
  truncate: (path) => truncateSync(path, statSync(path).size >> 1),
  scramble,
}

function outputs({ out }: Place, { part }: OutputEdit): string[] {
  return filesBelow(out).filter((path) => path.startsWith(join(out, part)))
}

function filesBelow(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  const paths = readdirSync(folder, { recursive: true }).map((path) => join(folder, String(path)))
  return paths.filter((path) => !lstatSync(path).isDirectory()).sort()
}

function isFile(path: string): boolean {
  return lstatSync(path).isFile()
}

function keepingTimes(path: string, change: (path: string) => void): void {
  const { atime, mtime } = statSync(path)
  change(path)
  utimesSync(path, atime, mtime)
}

/** Changes a byte in the middle, in place. Blobs are read-only: that keeps only others from writing. */
function scramble(path: string): void {
  const { mode } = statSync(path)
  chmodSync(path, mode | 0o200)
  const bytes = readFileSync(path)
  const middle = bytes.length >> 1
  if (bytes.length > 0) bytes[middle]! ^= 1
  writeFileSync(path, bytes)
  chmodSync(path, mode)
}
