import { appendFileSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inputsOf, outputOf, tasksOf, type Workload } from './workload.ts'

/** Where tasks live: all in the root, or each in a package of its own, for the tools that are made for monorepos. */
export type Layout = 'root' | 'packages'

const comment = '# a comment\n'
const filler = `${'#'.repeat(2 ** 10 - 1)}\n`

/** A workload on disk: its inputs, what is done to them, and whether the outputs are what they must be. */
export class Workspace {
  /** Inputs that differ from how they were written, by task and path in its home. */
  readonly #edited = new Map<string, { task: number; text: string }>()

  constructor(
    readonly root: string,
    readonly workload: Workload,
    readonly layout: Layout,
  ) {
    for (const task of tasksOf(workload)) {
      mkdirSync(dirname(this.#at(task, outputOf(task))), { recursive: true })
      for (const path of inputsOf(workload, task)) this.#writeInput(task, path, original(path))
    }
  }

  write(path: string, text: string): void {
    const file = join(this.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  /** Paths of all inputs, from the root. */
  inputs(): string[] {
    return tasksOf(this.workload).flatMap((task) =>
      inputsOf(this.workload, task).map((path) => this.#in(task, path)),
    )
  }

  touchInputs(): void {
    const now = new Date()
    for (const path of this.inputs()) utimesSync(join(this.root, path), now, now)
  }

  /** Adds a line to the last task's first input: its output must change. */
  editLeaf(line: string): void {
    const leaf = this.workload.tasks - 1
    const [path] = inputsOf(this.workload, leaf)
    this.#edit(leaf, path!, `${original(path!)}${line}\n`)
  }

  /** Changes a comment in the first task's first input: its output must stay the same. */
  commentRoot(words: string): void {
    const [path] = inputsOf(this.workload, 0)
    this.#edit(0, path!, original(path!).replace(comment, `# ${words}\n`))
  }

  revertEdits(): void {
    for (const [path, { task }] of this.#edited) this.#writeInput(task, path, original(path))
    this.#edited.clear()
  }

  deleteOutputs(): void {
    for (const task of tasksOf(this.workload)) rmSync(this.#at(task, outputOf(task)), { force: true })
  }

  /** The outputs that are not what the inputs, as they are now, make of them. */
  wrongOutputs(): string[] {
    return tasksOf(this.workload)
      .filter((task) => this.#read(task) !== this.#expected(task))
      .map((task) => this.#in(task, outputOf(task)))
  }

  #expected(task: number): string {
    const paths = inputsOf(this.workload, task)
    return paths
      .toSorted()
      .flatMap((path) => {
        const text = this.#edited.get(path)?.text ?? original(path)
        const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
        return lines.map((line) => (paths.length > 1 ? `${path}:${line}\n` : `${line}\n`))
      })
      .join('')
  }

  #read(task: number): string | undefined {
    try {
      return readFileSync(this.#at(task, outputOf(task)), 'utf8')
    } catch {
      return undefined
    }
  }

  #edit(task: number, path: string, text: string): void {
    this.#writeInput(task, path, text)
    this.#edited.set(path, { task, text })
  }

  /** Whatever is asked for beyond the text is comments, so that outputs stay small. */
  #writeInput(task: number, path: string, text: string): void {
    const at = this.#in(task, path)
    this.write(at, text)
    const piece = 2 ** 20
    for (let left = this.workload.bytes - 2 ** 10; left > 0; left -= piece)
      appendFileSync(join(this.root, at), filler.repeat(Math.min(left, piece) / filler.length))
  }

  #in(task: number, path: string): string {
    return this.layout === 'packages' ? `packages/t${task}/${path}` : path
  }

  #at(task: number, path: string): string {
    return join(this.root, this.#in(task, path))
  }
}

/** A kilobyte of text, the first line a comment. */
function original(path: string): string {
  const line = `this is one of the lines of ${path}`.padEnd(63, '.')
  return `${`${comment}${`${line}\n`.repeat(15)}`.padEnd(2 ** 10 - 1, '.')}\n`
}
