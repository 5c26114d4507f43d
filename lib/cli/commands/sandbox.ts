import { UsageError } from '../../model/problem.ts'
import { table } from '../../render/table.ts'
import { count } from '../../report/words/count.ts'
import { actionOf, refuseElsewhere } from '../action.ts'
import type { Context } from '../command.ts'
import { command } from '../command.ts'
import { choice, flag } from '../option.ts'
import { print } from '../output.ts'

export const sandbox = command({
  name: 'sandbox',
  summary: 'Start, end or show the embedded cluster',
  argument: 'up|down|status',
  options: {
    remove: flag('down: delete its hosts, too'),
    format: choice(['text', 'json'], 'status: a table or data'),
  },
  async run(context, { remove, format }, words) {
    const action = actionOf('sandbox', words, actions)
    refuseElsewhere('--remove', remove, 'sandbox down', action)
    await actions[action](context, { remove, format })
    return 0
  },
})

interface Choices {
  remove: boolean
  format: 'text' | 'json'
}

const actions = {
  async up({ root, options }: Context, _choices: Choices) {
    if (!options.sandbox) throw new UsageError({ kind: 'no-sandbox' })
    const { openSandbox } = await import('../../sandbox/sandbox.ts')
    const { fleet, existed, close } = await openSandbox({ root, options: options.sandbox, looking: false })
    await close()
    const hosts = Object.values(fleet.hosts).flat()
    print(
      `The sandbox ${existed ? 'stands' : 'was made'}: ${count(hosts.length, 'host')} in .cache/sandbox.\n`,
    )
  },

  async down({ root }: Context, { remove }: Choices) {
    const { sandboxDown } = await import('../../sandbox/down.ts')
    const { ended, removed } = await sandboxDown({ root, remove })
    print(`${count(ended.length, 'process', 'processes')} of the sandbox ended.\n`)
    if (removed) print('Its hosts are deleted.\n')
  },

  async status({ root }: Context, { format }: Choices) {
    const { sandboxStatus } = await import('../../sandbox/status.ts')
    const status = await sandboxStatus({ root })
    if (format === 'json') print(`${JSON.stringify(status, null, 2)}\n`)
    else if (!status.exists)
      print('There is no sandbox yet. The first run makes it, and `sandbox up` does.\n')
    else {
      const hosts = status.hosts.flatMap(({ name, processes }) =>
        processes.length === 0
          ? [[name, 'nothing runs']]
          : processes.map(({ pid, command }) => [name, `${pid}`, command]),
      )
      const ports = Object.entries(status.ports).map(([name, port]) => [name, `port ${port}`])
      print(`${table([...hosts, ...ports])}\n`)
    }
  },
}
