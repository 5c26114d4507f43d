import type { Node } from './picture.ts'
import { place } from './picture.ts'
import { table } from './table.ts'

/** For a terminal: one line per node in the order of need, with where it stands and what it needs. */
export function outline(nodes: Node[]): string {
  const rows = nodes.map((node) => [node.name, place(node), node.needs.join(', ') || '–'])
  return `${table([['TASK', 'WHERE', 'NEEDS'], ...rows])}\n`
}
