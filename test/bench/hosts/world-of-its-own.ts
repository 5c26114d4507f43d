import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../refusal.ts'

/**
 * Runs a program in namespaces of its own. Its networks, mounts and processes end with it, and it with us, however we end:
 * there is nothing to clean up.
 */
export async function inWorldOfItsOwn(program: URL, args: string[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
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
  const end = () => child.kill('SIGKILL')
  signal.addEventListener('abort', end)
  await once(child, 'close')
  signal.removeEventListener('abort', end)
  signal.throwIfAborted()
  if (child.exitCode !== 0) throw new Refusal('The measurement ended early: see above.', 1)
}
