import { Failed } from '../model/failure.ts'
import type { Remote } from './remote.ts'
import { runProgram } from './remote.ts'

/** Whether a failed write is explained by a full disk: asked of the disk, since SFTP and locales word it in many ways. */
export async function lackOfSpace(remote: Remote, path: string, bytes: number): Promise<Failed | undefined> {
  const { stdout, exitCode } = await runProgram(remote, freeSpaceProgram, [path])
  const [kilobytes, inodes] = stdout.toString().trim().split('\n')
  const full = Number(kilobytes) * 1024 < bytes || inodes === '0'
  return exitCode === 0 && full ? new Failed({ kind: 'no-space', host: remote.host.name, path }) : undefined
}

/** Prints free kilobytes and free inodes at the nearest folder that exists. */
export const freeSpaceProgram = `
folder=$1
while [ ! -d "$folder" ]; do folder=\${folder%/*}; folder=\${folder:-/}; done
df -Pk "$folder" | awk 'END { print $4 }'
df -Pi "$folder" 2>/dev/null | awk 'END { print $4 }'
exit 0
`
