import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { reserved } from '../../lib/inputs/reserved.ts'
import { Survey } from '../../lib/inputs/survey.ts'
import { killProcesses } from '../../lib/local/end-processes.ts'
import { entryOf } from '../../lib/local/origin.ts'
import { findProcesses } from '../../lib/local/processes.ts'
import { task } from '../../lib/model/define-task.ts'
import type { Event, TaskEnd, Warning } from '../../lib/model/event.ts'
import { buildGraph } from '../../lib/model/graph.ts'
import type { Host } from '../../lib/model/host.ts'
import type { Fleet } from '../../lib/model/host-session.ts'
import type { Task, TaskOptions } from '../../lib/model/task.ts'
import { lookAt } from '../../lib/run/look.ts'
import type { RunOptions } from '../../lib/run/options.ts'
import { runTargets } from '../../lib/run/run.ts'

/** While the run before may have been at work still, by the clock of files, no survey is believed. */
const tickMs = 25

/** Before a test says another. */
const temporary = tmpdir()

/** A workspace in a folder of its own whose tasks are declared by the test itself. */
export class EngineRig {
  readonly root = mkdtempSync(join(tmpdir(), 'engine-'))
  tasks: Task[] = []
  config: unknown = {}
  fleet: Fleet = noHosts
  lease: Host | undefined
  pools: Record<string, number> = {}
  cacheLimit = 10e9
  #ended = Number.NEGATIVE_INFINITY
  /** What surveys have learnt of folders. */
  readonly #held = new Map<string, string>()
  /** What looks complained of. */
  readonly lookedWarnings: Warning[] = []

  constructor() {
    this.write({ 'tasks/code.ts': 'export const code = 1\n' })
    onTestFinished(() => {
      killProcesses(findProcesses(entryOf.workspace(this)))
      rmSync(this.root, { recursive: true, force: true })
    })
  }

  write(files: Record<string, string>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true })
      writeFileSync(join(this.root, path), content)
    }
  }

  /** Declares a task whose definition is the content of `tasks/code.ts`, or of the given module. */
  task(options: Omit<TaskOptions<any>, 'module' | 'description'> & { module?: string }): Task {
    const module = join(this.root, options.module ?? 'tasks/code.ts')
    const declared = task({ description: `Make ${options.name}`, ...options, module })
    this.tasks.push(declared)
    return declared
  }

  async run(
    targets: string[],
    options: Partial<RunOptions> = {},
    signal = new AbortController().signal,
    events: Event[] = [],
  ) {
    await pause(Math.max(0, this.#ended + tickMs - performance.now()))
    const { survey, keep } = this.#survey(signal)
    const end = await runTargets(
      { ...this.#workspace(), survey },
      { targets, ...options },
      (event) => events.push(event),
      signal,
    )
    keep()
    this.#ended = performance.now()
    return { end, events, ...endsOf(events) }
  }

  async look(targets: string[], options: Partial<RunOptions> = {}) {
    const looked = await lookAt(
      this.#workspace(),
      { targets, ...options },
      new AbortController().signal,
      (warning) => this.lookedWarnings.push(warning),
    )
    return Object.fromEntries(
      looked.map(({ instance, status, reasons }) => [instance.id, { status, reasons }]),
    )
  }

  /** Of everything: whatever a run believes of it must be true. */
  #survey(signal: AbortSignal) {
    const folders = ['.', ...foldersBelow(this.root)]
    const held = folders.map((folder) => this.#held.get(folder)).join()
    const survey = new Survey(this.root, { folders, files: folders.length, held }, temporary, signal)
    const keep = () => {
      for (const [folder, line] of survey.learnt()) this.#held.set(folder, line)
    }
    return { survey, keep }
  }

  #workspace() {
    return {
      root: this.root,
      graph: buildGraph(this.tasks),
      config: this.config,
      fleet: this.fleet,
      ...(this.lease && { lease: this.lease }),
      secrets: [],
      pools: this.pools,
      cacheLimit: this.cacheLimit,
      // The clock of files may be a fraction of a millisecond ahead of this one.
      loadedAt: Date.now() + 1,
    }
  }
}

function foldersBelow(root: string, folder = ''): string[] {
  const within = readdirSync(join(root, folder), { withFileTypes: true })
  const names = within.filter((entry) => entry.isDirectory() && !reserved.includes(entry.name))
  return names
    .map(({ name }) => (folder === '' ? name : `${folder}/${name}`))
    .flatMap((path) => [path, ...foldersBelow(root, path)])
}

function endsOf(events: Event[]) {
  const ends = events.filter((event): event is TaskEnd => event.type === 'task-end')
  return {
    statuses: Object.fromEntries(ends.map(({ task, status }) => [task, status])),
    reasons: Object.fromEntries(ends.map(({ task, reasons }) => [task, reasons])),
    failures: Object.fromEntries(ends.map(({ task, failure }) => [task, failure])),
    warnings: events.flatMap((event) => (event.type === 'warning' ? [event.warning] : [])),
  }
}

const noHost = async () => {
  throw new Error('this workspace has no hosts')
}

const noHosts: Fleet = {
  hosts: {},
  session: noHost,
  lease: noHost,
  close: async () => {},
}
