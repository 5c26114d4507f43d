import type { Node } from './picture.ts'
import { place } from './picture.ts'

/** For Mermaid. Arrows go with the work: from what is needed to what needs it. */
export function mermaid(nodes: Node[]): string {
  // Names may be words of Mermaid's own (`end`), so nodes are numbered and only labelled by name.
  const ids = new Map(nodes.map(({ name }, index) => [name, `t${index + 1}`]))
  const boxes = nodes.map(
    (node) => `  ${ids.get(node.name)}["${escaped(node.name)}<br/>${escaped(place(node))}"]`,
  )
  const arrows = nodes.flatMap(({ name, needs }) =>
    needs.filter((need) => ids.has(need)).map((need) => `  ${ids.get(need)} --> ${ids.get(name)}`),
  )
  return ['flowchart TD', ...boxes, ...arrows, ''].join('\n')
}

function escaped(text: string): string {
  return text
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
}
