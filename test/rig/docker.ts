import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs the Docker client and gives its stdout, trimmed. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, { maxBuffer: 2 ** 26 })
  return stdout.trim()
}

/** The same, for listings: its lines. */
export async function dockerLines(...args: string[]): Promise<string[]> {
  return (await docker(...args)).split('\n').filter(Boolean)
}
