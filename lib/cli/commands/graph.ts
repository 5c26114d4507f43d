import { writeFile } from 'node:fs/promises'
import { selectInstances } from '../../model/instance.ts'
import { UsageError } from '../../model/problem.ts'
import { graphFormats, renderGraph } from '../../render/graph.ts'
import type { Node } from '../../render/picture.ts'
import { instanceNodes, taskNodes } from '../../render/picture.ts'
import type { Context } from '../command.ts'
import { command } from '../command.ts'
import { openWorkspace } from '../open-workspace.ts'
import { choice, flag, text } from '../option.ts'
import { print } from '../output.ts'
import { requested } from '../targets.ts'

export const graph = command({
  name: 'graph',
  summary: 'Draw targets and what they need (default: all)',
  argument: '[TARGET…]',
  options: {
    format: choice(graphFormats, 'text, or a language of pictures'),
    output: text('FILE', 'write to this file'),
    instances: flag('one node for each host of a task'),
  },
  async run(context, { format, output, instances }, words) {
    const targets = words.length > 0 ? words : context.graph.tasks.map(({ name }) => name)
    const nodes = instances ? await nodesByHost(context, targets) : nodesByTask(context, targets)
    const picture = renderGraph(nodes, format)
    if (output === undefined) print(picture)
    else await write(output, picture)
    return 0
  },
})

function nodesByTask({ graph }: Context, targets: string[]): Node[] {
  return taskNodes(graph, targets.length > 0 ? requested(graph, targets) : [])
}

async function nodesByHost(context: Context, targets: string[]): Promise<Node[]> {
  const { graph } = context
  const tasks = requested(graph, targets)
  const { workspace, close } = await openWorkspace(context, tasks, { looking: true })
  try {
    return instanceNodes(selectInstances(graph, workspace.fleet.hosts, { targets }))
  } finally {
    await close()
  }
}

async function write(file: string, picture: string): Promise<void> {
  try {
    await writeFile(file, picture)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const problem = `names \`${file}\`, which cannot be written (${code})`
    throw new UsageError({ kind: 'bad-option', option: '--output', problem })
  }
}
