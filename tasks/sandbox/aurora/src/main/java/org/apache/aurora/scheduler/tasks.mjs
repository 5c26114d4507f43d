// The tasks of jobs, which outlive the scheduler in its log: waiting for a slave, running there, or over.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { log } from './state.mjs'

const OVER = ['FAILED', 'FINISHED', 'KILLED', 'LOST']

/** `mesos` can `launch(slave, task)` and `kill(task)`. */
export function openTasks(flags, mesos) {
  const file = join(flags.native_log_file_path, 'tasks.json')
  const tasks = new Map(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [])
  const hosts = new Set()
  const ofJob = (key) => [...tasks.values()].filter((task) => task.key === key)
  const isActive = ({ state }) => !OVER.includes(state)
  const keep = () => {
    writeFileSync(`${file}.new`, JSON.stringify([...tasks]))
    renameSync(`${file}.new`, file)
  }
  const change = (task, state, reason = '') => {
    log(`Task ${task.id} state machine transition ${task.state} -> ${state} ${reason}`)
    Object.assign(task, { state, reason })
    keep()
  }

  const methods = {
    createJob({ key, job }) {
      if (ofJob(key).some(isActive)) return { error: `Job ${key} already exists` }
      if (job.production) return { error: `Insufficient resource quota: ${job.role} has none` }
      for (const task of ofJob(key)) tasks.delete(task.id)
      for (let instance = 0; instance < job.instances; instance++) {
        const id = [Date.now(), job.role, job.environment, job.name, instance, process.pid].join('-')
        tasks.set(id, { id, key, job, state: 'PENDING', reason: '' })
      }
      keep()
      return {}
    },
    killTasks({ key }) {
      for (const task of ofJob(key).filter(isActive)) {
        if (task.state === 'PENDING') change(task, 'KILLED')
        else mesos.kill(task)
      }
      return {}
    },
    getTasks: ({ key }) => ({
      tasks: ofJob(key).map(({ id, state, reason, slave }) => ({
        id,
        state,
        reason,
        slave: slave?.hostname,
      })),
    }),
    getJobs: () => ({ jobs: [...new Set([...tasks.values()].filter(isActive).map(({ key }) => key))] }),
  }

  /** By default no two tasks of a job run on one host, and slaves that do not say what they are get none. */
  const takes = (slave, task) => {
    if (flags.enable_legacy_constraints === 'false') return true
    const { host, rack } = slave.attributes
    const others = ofJob(task.key).filter((other) => isActive(other) && other.slave)
    return (
      host !== undefined &&
      rack !== undefined &&
      others.every((other) => other.slave.attributes.host !== host)
    )
  }

  return {
    answer: (question) => methods[question.method]?.(question) ?? { error: `no method ${question.method}` },
    /** Those that were ever offered. */
    hosts: () => [...hosts],
    offer(slaves) {
      for (const { hostname } of slaves) hosts.add(hostname)
      for (const task of [...tasks.values()].filter(({ state }) => state === 'PENDING')) {
        const slave = slaves.find((slave) => takes(slave, task))
        if (!slave) continue
        task.slave = slave
        change(task, 'ASSIGNED')
        mesos.launch(slave, task)
      }
    },
    update({ id, state, reason }) {
      const task = tasks.get(id)
      if (task && isActive(task)) change(task, state, reason)
    },
    count: (state) => [...tasks.values()].filter((task) => task.state === state).length,
  }
}
