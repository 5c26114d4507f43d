// What a slave does with a task: fetches the executor, makes a sandbox, runs the one in the other, tells how it goes.
import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'

/** Requests by path. `tell` takes what becomes of a task: `{ id, state, reason }`. */
export function newExecutors({ root, workDir, pid, tell }) {
  const running = new Map()

  async function launch({ slave, task, executor }) {
    const { id } = task
    try {
      requireUser(task.role)
      const sandbox = newSandbox(join(root, workDir, 'slaves', slave, 'executors', `thermos-${id}`))
      const program = await bring(executor.uri, sandbox)
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

  /** As Mesos' fetcher: copies a path of this host, downloads anything else, and gives it the mode that a program needs. */
  async function bring(uri, sandbox) {
    const program = join(sandbox, basename(uri))
    const [, path] = /^(?:file:\/\/)?(\/.*)$/.exec(uri) ?? []
    if (path) copyFileSync(join(root, path), program)
    else writeFileSync(program, await download(uri))
    chmodSync(program, 0o755)
    return program
  }
}

async function download(uri) {
  if (!/^https?:/.test(uri)) throw new Error(`Failed to fetch ${uri}: the miniature has no Hadoop`)
  const answer = await fetch(uri).catch((error) => {
    throw new Error(`Failed to fetch ${uri}: ${error.cause?.message ?? error.message}`)
  })
  if (answer.status !== 200) throw new Error(`Failed to fetch ${uri}: it was answered by ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
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
