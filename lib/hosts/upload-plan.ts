import { basename } from 'node:path'
import type { LocalFile } from '../model/host-session.ts'
import type { Remote } from './remote.ts'
import { mustRun } from './remote.ts'
import { planProgram } from './upload-programs.ts'

/** What the host has of a file: in place, in the store, a part of it, nothing. */
export type Standing =
  | { is: 'placed' }
  | { is: 'stored' }
  | { is: 'partial'; size: number }
  | { is: 'absent' }

export interface Planned {
  file: LocalFile
  standing: Standing
}

export async function planUpload(
  remote: Remote,
  files: LocalFile[],
  target: string,
  signal?: AbortSignal,
): Promise<Planned[]> {
  const { stdout } = await mustRun(remote, 'sha256sum', planProgram, [remote.state, target], {
    input: listOf(files),
    signal,
  })
  const lines = stdout.toString().split('\n')
  return files.map((file, index) => {
    const [is, size] = (lines[index] ?? '').split(' ')
    if (is === 'placed' || is === 'stored') return { file, standing: { is } }
    return { file, standing: is === 'partial' ? { is, size: Number(size) } : { is: 'absent' } }
  })
}

/** Two lines for each file: `digest size x`, `x` or `-` for the exec bit; its name. */
export function listOf(files: LocalFile[]): string {
  return files
    .map(
      ({ path, digest, size, executable }) =>
        `${digest} ${size} ${executable ? 'x' : '-'}\n${basename(path)}\n`,
    )
    .join('')
}
