// What a slave does with a task: fetches the executor, makes a sandbox, runs the one in the other, tells how it goes.
import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, openSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'

/** Requests by path. `tell` takes what becomes of a task: `{ id, state, reason }`. */
export function newExecutors({ root, workDir, pid, tell }) {
  const running = new Map()

  function launch({ slave, task, executor }) {
    const { id } = task
    try {
      requireUser(task.role)
      const sandbox = newSandbox(join(root, workDir, 'slaves', slave, 'executors', `thermos-${id}`))
      const program = fetch(executor.uri, sandbox)
      const child = start(program, executor.flags, { sandbox, task, pid })
      running.set(id, child)
      createInterface({ input: child.stdio[3] }).on('line', (line) => tell({ id, ...JSON.parse(line) }))
      child.on('error', (error) => tell({ id, state: 'LOST', reason: error.message }))
      child.on('close', (status) => {
        running.delete(id)
        tell({ id, state: 'LOST', reason: `the executor ended with status ${status}` })
      })
    } catch (error) {
      tell({ id, state: 'LOST', reason: error.message })
    }
  }

  function kill({ id }) {
    const child = running.get(id)
    if (child) process.kill(-child.pid, 'SIGTERM')
    else tell({ id, state: 'LOST', reason: 'no such task on this slave' })
  }

  return { '/launch': launch, '/kill': kill }

  /** As Mesos' fetcher: from a path of this host, with the mode that a program needs. */
  function fetch(uri, sandbox) {
    const program = join(sandbox, basename(uri))
    copyFileSync(join(root, uri.replace(/^file:\/\//, '')), program)
    chmodSync(program, 0o755)
    return program
  }
}

function requireUser(role) {
  try {
    execFileSync('getent', ['passwd', role], { stdio: 'ignore' })
  } catch {
    throw new Error(`Could not create sandbox because user does not exist: ${role}`)
  }
}

function newSandbox(folder) {
  const run = randomUUID()
  const sandbox = join(folder, 'runs', run)
  mkdirSync(sandbox, { recursive: true })
  rmSync(join(folder, 'runs/latest'), { force: true })
  symlinkSync(run, join(folder, 'runs/latest'))
  return sandbox
}

/** In a process group of its own, by which it is killed with all that it started. */
function start(program, flags, { sandbox, task, pid }) {
  return spawn(program, flags.split(' ').filter(Boolean), {
    cwd: sandbox,
    detached: true,
    stdio: ['ignore', openSync(join(sandbox, 'stdout'), 'a'), openSync(join(sandbox, 'stderr'), 'a'), 'pipe'],
    env: {
      ...process.env,
      MESOS_SLAVE_PID: pid,
      MESOS_DIRECTORY: sandbox,
      MESOS_EXECUTOR_ID: `thermos-${task.id}`,
      MINIATURE_TASK: JSON.stringify(task),
    },
  })
}
