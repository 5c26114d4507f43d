import type { Instance } from '../model/instance.ts'
import { table } from './table.ts'

/** Tasks × hosts, one word a cell. Where `width` is too narrow for all hosts, one column for each role, with counts. */
export function statusMatrix<Stand extends { instance: Instance }>(
  stands: Stand[],
  inWords: (stand: Stand) => string,
  width: number,
): string {
  const byHost = matrix(stands, ({ host }) => host?.name ?? 'here', inWords)
  const fits = byHost.split('\n').every((line) => line.length <= width)
  return fits ? byHost : matrix(stands, ({ host }) => host?.role ?? 'here', inWords)
}

function matrix<Stand extends { instance: Instance }>(
  stands: Stand[],
  columnOf: (instance: Instance) => string,
  inWords: (stand: Stand) => string,
): string {
  const columns = [...new Set(stands.map(({ instance }) => columnOf(instance)))]
  const rows = new Map<string, Map<string, Stand[]>>()
  for (const stand of stands) {
    const { name } = stand.instance.task
    const row = rows.get(name) ?? new Map<string, Stand[]>()
    const column = columnOf(stand.instance)
    rows.set(name, row.set(column, [...(row.get(column) ?? []), stand]))
  }
  const lines = [...rows].map(([task, row]) => [
    task,
    ...columns.map((column) => cell((row.get(column) ?? []).map(inWords))),
  ])
  return table([['', ...columns], ...lines])
}

function cell(words: string[]): string {
  if (words.length < 2) return words.join('')
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, number]) => `${number} ${word}`).join(', ')
}
