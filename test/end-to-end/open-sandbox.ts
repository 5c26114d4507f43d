import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Deployment } from './deployment.ts'
import { program } from './program.ts'
import { copyWorkspace } from './workspace-copy.ts'

/** A fresh clone without a cluster file: its hosts are the sandbox's. */
export async function openSandboxPlace(): Promise<Deployment> {
  const { root, remove } = await copyWorkspace()
  return {
    root,
    options: [],
    shell: async (host, command) => {
      const env = { ...process.env, ROOT: join(root, '.cache/sandbox/hosts', host) }
      return (await promisify(execFile)('bash', ['-euc', command], { env })).stdout
    },
    close: async () => {
      await program(root, ['sandbox', 'down', '--remove'])
      await remove()
    },
  }
}
