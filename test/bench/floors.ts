import { fileURLToPath } from 'node:url'
import { countIn, numberIn } from './tools/tool.ts'
import type { Workload } from './workload.ts'

/** A program that does the least that a scenario can do without: what the engine is to come close to. */
export interface Floor {
  name: string
  /** The scenarios that it is the floor of. */
  of: string[]
  command(workload: Workload, jobs: number): string[]
  /** Whether it did, by what it printed, all that it was to do. */
  didAll(printed: string, workload: Workload): boolean
}

const node = process.execPath
const script = (name: string) => fileURLToPath(new URL(`floors/${name}`, import.meta.url))
const filesOf = ({ tasks, files }: Workload) => tasks * files
const linesOf = (printed: string) => countIn(printed, /\n/g)

export const floors: Floor[] = [
  {
    name: 'node -e 0',
    of: ['noop', 'list'],
    command: () => [node, '-e', '0'],
    didAll: (printed) => printed === '',
  },
  {
    name: 'npx tsx on an empty file',
    of: ['list'],
    command: () => ['npx', 'tsx', 'empty.ts'],
    didAll: () => true,
  },
  {
    name: 'a Node loop of lstat',
    of: ['noop'],
    command: () => [node, script('lstat.mjs')],
    didAll: (printed, workload) => numberIn(printed, /^(\d+) files/) === filesOf(workload),
  },
  {
    name: 'a Node loop of list, lstat and key',
    of: ['noop', 'leaf', 'comment'],
    command: () => [node, script('list-lstat-key.mjs')],
    didAll: (printed, workload) => numberIn(printed, /^(\d+) files/) === filesOf(workload),
  },
  {
    name: 'a loop of zx commands',
    of: ['cold'],
    command: (_, jobs) => [node, script('zx-loop.mjs'), `${jobs}`],
    didAll: (printed, workload) => numberIn(printed, /^(\d+) commands/) === workload.tasks,
  },
  {
    name: 'a Node loop of hash',
    of: ['touched'],
    command: () => [node, script('hash.mjs')],
    didAll: (printed, workload) => numberIn(printed, /^(\d+) files/) === filesOf(workload),
  },
  {
    name: 'sha256sum',
    of: ['touched'],
    command: () => ['xargs', '-0', '-a', 'inputs.list', 'sha256sum'],
    didAll: (printed, workload) => linesOf(printed) === filesOf(workload),
  },
  {
    name: 'xargs -P sha256sum',
    of: ['touched'],
    command: (_, jobs) => ['xargs', '-0', '-a', 'inputs.list', `-P${jobs}`, 'sha256sum'],
    didAll: (printed, workload) => linesOf(printed) === filesOf(workload),
  },
  {
    name: 'xargs -P -n500 sha256sum',
    of: ['touched'],
    command: (_, jobs) => ['xargs', '-0', '-a', 'inputs.list', `-P${jobs}`, '-n500', 'sha256sum'],
    didAll: (printed, workload) => linesOf(printed) === filesOf(workload),
  },
]
