import { buildGraph } from '../model/graph.ts'
import { checkMainOptions } from './check-main-options.ts'
import type { Context } from './command.ts'
import { allCommands } from './commands.ts'
import { commonOptions, roleOptions } from './common-options.ts'
import { explain } from './explain.ts'
import type { MainOptions } from './main-options.ts'
import { flushed, print, tolerateClosedReaders } from './output.ts'
import { understand } from './request.ts'
import { explainUncaught } from './uncaught.ts'
import { workspaceRoot } from './workspace-root.ts'

explainUncaught()

/** Obeys the command line. Never throws: what goes wrong is told on stderr, and `process.exitCode` is set. */
export async function main(options: MainOptions): Promise<void> {
  tolerateClosedReaders()
  process.exitCode = await obey(options, process.argv.slice(2)).catch((error) => explain(error))
  await flushed()
  // The function of a task that was given up may still be at it.
  process.exit()
}

/** @returns the exit code */
async function obey(options: MainOptions, args: string[]): Promise<number> {
  checkMainOptions(options, commonOptions)
  const roles = Object.keys(options.roles ?? {})
  const shared = { ...commonOptions, ...roleOptions(options.roles ?? {}) }
  const targets = options.tasks.map(({ name }) => name)
  const request = await understand(args, shared, targets)
  if (request.help) {
    const { help } = await import('./help.ts')
    print(await help(request.name, await allCommands(), shared))
    return 0
  }
  const { command, values, words } = request
  const context: Context = {
    root: workspaceRoot(process.argv[1] as string),
    options,
    graph: buildGraph(options.tasks),
    common: values as Context['common'],
    hosts: Object.fromEntries(
      roles.map((role) => [role, values[role]]).filter(([, hosts]) => hosts.length > 0),
    ),
  }
  return command.run(context, values, words).catch((error) => explain(error, context.common.color))
}
