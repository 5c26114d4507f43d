import type { Graph } from '../model/graph.ts'
import type { commonOptions } from './common-options.ts'
import type { MainOptions } from './main-options.ts'
import type { Options, Values } from './option.ts'

/** One word of the command line, and all that it takes. */
export interface Command<O extends Options = any> {
  name: string
  summary: string
  /** What may follow the command's name: `TARGET…`. Absent: nothing may. */
  argument?: string
  options: O
  /** @returns the exit code */
  run(context: Context, values: Values<O>, words: string[]): Promise<number>
}

/** What every command works with. */
export interface Context {
  /** Absolute path of the workspace. */
  root: string
  options: MainOptions
  graph: Graph
  common: Values<typeof commonOptions>
  /** Hosts given by role on the command line. */
  hosts: Record<string, string[]>
}

/** Lets the type of a command's values follow from its options. */
export function command<O extends Options>(command: Command<O>): Command<O> {
  return command
}
