import type { Command } from './command.ts'
import { cache } from './commands/cache.ts'
import { graph } from './commands/graph.ts'
import { init } from './commands/init.ts'
import { list } from './commands/list.ts'
import { logs } from './commands/logs.ts'
import { run } from './commands/run.ts'
import { sandbox } from './commands/sandbox.ts'
import { status } from './commands/status.ts'
import { why } from './commands/why.ts'

/** In the order in which help shows them. */
export const commands: Command[] = [run, list, graph, why, status, logs, cache, init, sandbox]
