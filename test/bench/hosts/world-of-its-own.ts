import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../refusal.ts'

/**
 * Runs a program in namespaces of its own. Its networks, mounts and processes end with it, and it with us, however we end:
 * there is nothing to clean up.
 */
export async function inWorldOfItsOwn(program: URL, args: string[]): Promise<void> {
  // A shell is the first process: it reaps what is left behind, which Node would not.
  const world = ['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), fileURLToPath(program), ...args]
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', ...world, 'sh', '-c', '"$@"; exit $?', 'sh', ...node],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  let interrupted = 0
  const interrupt = (_: string, number: number) => {
    interrupted = number
    child.kill('SIGKILL')
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  await once(child, 'close')
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  if (interrupted) throw new Refusal('Interrupted: there is no result.', 128 + interrupted)
  if (child.exitCode !== 0) throw new Refusal('The measurement ended early: see above.', 1)
}
