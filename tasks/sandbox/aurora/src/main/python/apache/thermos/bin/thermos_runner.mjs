// The miniature runner: runs a task's processes one after the other, and leaves word of it where the observer looks.
import { spawn } from 'node:child_process'
import { mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOptions } from '../../common/options.mjs'

export async function main(args) {
  const { options } = readOptions('thermos_runner', args, {
    task_id: undefined,
    sandbox: undefined,
    checkpoint_root: undefined,
  })
  const { task_id: id, sandbox, checkpoint_root: root } = options
  const task = JSON.parse(process.env.MINIATURE_TASK)
  for (const state of ['active', 'finished']) mkdirSync(join(root, 'tasks', state), { recursive: true })
  writeFileSync(join(root, 'tasks/active', id), JSON.stringify({ id, sandbox, task }))
  process.exitCode = await runAll(task.processes, sandbox)
  renameSync(join(root, 'tasks/active', id), join(root, 'tasks/finished', id))
}

async function runAll(processes, sandbox) {
  for (const { name, cmdline } of processes) {
    const logs = join(sandbox, '.logs', name, '0')
    mkdirSync(logs, { recursive: true })
    const [out, err] = ['stdout', 'stderr'].map((stream) => openSync(join(logs, stream), 'a'))
    const child = spawn('bash', ['-c', cmdline], { cwd: sandbox, stdio: ['ignore', out, err] })
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    const status = await new Promise((resolve) =>
      child.on('exit', (code, signal) => resolve(signal ? 143 : code)).on('error', () => resolve(127)),
    )
    if (status !== 0) return status
  }
  return 0
}
