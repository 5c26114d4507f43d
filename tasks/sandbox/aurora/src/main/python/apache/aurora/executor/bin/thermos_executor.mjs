// The miniature executor: has the runner that lies within it run a task, and tells the slave how it goes.
import { spawn } from 'node:child_process'
import { writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { readOptions } from '../../../common/options.mjs'
import { requireSlave } from './slave.mjs'

/** Where the miniature slave listens: a line for each state. */
const SLAVE = 3

export function main(args, python) {
  python.import('mesos.interface')
  python.import('mesos.native')
  python.import('apache.aurora.executor.resources')
  const runner = python.resource('apache/aurora/executor/resources/thermos_runner.pex')
  if (!runner?.length)
    throw python.error('IOError', 'apache/aurora/executor/resources/thermos_runner.pex is not there')
  const { options } = readOptions('thermos_executor', args, {
    'announcer-enable': false,
    'announcer-ensemble': undefined,
    'announcer-serverset-path': '/aurora',
    'execute-as-user': undefined,
    'checkpoint-root': `${process.env.ROOT ?? ''}/var/run/thermos`,
    nosetuid: false,
  })
  if (requireSlave()) run(runner, options['checkpoint-root'])
}

function run(bytes, checkpoints) {
  const { MESOS_DIRECTORY: sandbox, MINIATURE_TASK: task } = process.env
  const program = join(sandbox, 'thermos_runner.pex')
  writeFileSync(program, bytes, { mode: 0o755 })
  const tell = (state, reason = '') => writeSync(SLAVE, `${JSON.stringify({ state, reason })}\n`)
  const runner = spawn(
    program,
    [`--task_id=${JSON.parse(task).id}`, `--sandbox=${sandbox}`, `--checkpoint_root=${checkpoints}`],
    { stdio: 'inherit' },
  )
  process.on('SIGTERM', () => runner.kill('SIGTERM'))
  runner.on('error', (error) => tell('FAILED', error.message))
  runner.on('spawn', () => tell('RUNNING'))
  runner.on('exit', (status, signal) => {
    if (signal || status === 143) tell('KILLED')
    else tell(status === 0 ? 'FINISHED' : 'FAILED', `the runner ended with status ${status}`)
  })
}
