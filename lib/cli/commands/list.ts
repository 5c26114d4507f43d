import { table } from '../../render/table.ts'
import { command } from '../command.ts'
import { choice } from '../option.ts'
import { print } from '../output.ts'

export const list = command({
  name: 'list',
  summary: 'List the targets, needs first',
  options: { format: choice(['text', 'json'], 'how to print them') },
  async run({ graph }, { format }) {
    const targets = graph.tasks.map(({ name, description, on }) => ({ name, description, on: on ?? null }))
    if (format === 'json') print(`${JSON.stringify(targets, null, 2)}\n`)
    else if (targets.length > 0)
      print(`${table(targets.map(({ name, description }) => [name, description]))}\n`)
    return 0
  },
})
