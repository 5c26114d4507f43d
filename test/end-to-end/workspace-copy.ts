import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** What a fresh clone has that a deployment needs. */
export const workspaceParts = [
  'lib',
  'tasks',
  'remote-scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]

export interface WorkspaceCopy {
  root: string
  remove(): Promise<void>
}

/** A fresh clone after `npm ci`, which a test may edit as it likes. */
export async function copyWorkspace(): Promise<WorkspaceCopy> {
  const root = await mkdtemp(join(tmpdir(), 'aurora-workspace-'))
  for (const part of workspaceParts) await cp(join(repository, part), join(root, part), { recursive: true })
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'))
  return { root, remove: () => rm(root, { recursive: true, force: true }) }
}
