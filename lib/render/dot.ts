import type { Node } from './picture.ts'
import { place } from './picture.ts'

/** For Graphviz. Arrows go with the work: from what is needed to what needs it. */
export function dot(nodes: Node[]): string {
  const boxes = nodes.map(
    (node) =>
      `  ${quoted(node.name)} [label=${quoted(`${node.name}\n${place(node)}`)}, tooltip=${quoted(node.description)}]`,
  )
  const arrows = nodes.flatMap(({ name, needs }) =>
    needs.map((need) => `  ${quoted(need)} -> ${quoted(name)}`),
  )
  return ['digraph tasks {', '  node [shape=box]', ...boxes, ...arrows, '}', ''].join('\n')
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
