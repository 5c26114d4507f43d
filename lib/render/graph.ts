import { dot } from './dot.ts'
import { mermaid } from './mermaid.ts'
import { outline } from './outline.ts'
import type { Node } from './picture.ts'

export const graphFormats = ['text', 'dot', 'mermaid', 'json'] as const

export type GraphFormat = (typeof graphFormats)[number]

const render: Record<GraphFormat, (nodes: Node[]) => string> = {
  text: outline,
  dot,
  mermaid,
  json: (tasks) => `${JSON.stringify({ tasks }, null, 2)}\n`,
}

/** The graph in a format, ending with a newline. */
export function renderGraph(nodes: Node[], format: GraphFormat): string {
  return render[format](nodes)
}
