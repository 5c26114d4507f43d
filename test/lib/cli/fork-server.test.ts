import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

const long = { timeout: 120_000 }

/** A task whose last command a fork server has started, which has written its process id, and so has the command. */
async function running() {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const late = task({ module: import.meta.url, name: 'late', description: 'Come late', async run({ $ }) {
        while (!(await $\`cat /proc/$PPID/comm\`).stdout.startsWith('aurora')) {}
        await $\`
          trap 'sleep 0.3; echo tidied up; echo in order > ended; exit 1' TERM
          echo $PPID > server; echo $$ > command; while :; do sleep 0.1; done\` } })
      await main({ tasks: [late] })`,
  })
  const run = it.start(['run', 'late'])
  const pidIn = (file: string) => Number(existsSync(join(it.root, file)) && it.read(file))
  await vi.waitUntil(() => pidIn('command') > 0, { timeout: 60_000 })
  return { it, run, server: pidIn('server') }
}

test('where the server is killed, the task fails, and says why', long, async () => {
  const { run, server } = await running()
  process.kill(server, 'SIGKILL')
  const { exitCode, stdout, stderr } = await run.ended
  expect(exitCode).toBe(1)
  expect(stdout + stderr).toContain('The process that starts the commands of this run has ended')
})

test('where all are ended at once, a command ends in order, and is heard to its end', long, async () => {
  const { it, run, server } = await running()
  for (const pid of [server, run.child.pid!]) process.kill(pid, 'SIGTERM')
  const { exitCode, stdout } = await run.ended
  expect(exitCode).toBe(143)
  expect(it.read('ended')).toBe('in order\n')
  expect(stdout).toContain('tidied up')
})
