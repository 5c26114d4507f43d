import type { Instance } from '../model/instance.ts'
import type { LookedStatus } from '../model/status.ts'
import { table } from './table.ts'

export interface Stand {
  instance: Instance
  status: LookedStatus
}

/** Tasks × hosts, one word a cell. Where `width` is too narrow for all hosts, one column for each role, with counts. */
export function statusMatrix(stands: Stand[], words: Record<LookedStatus, string>, width: number): string {
  const byHost = matrix(stands, ({ host }) => host?.name ?? 'here', words)
  const fits = byHost.split('\n').every((line) => line.length <= width)
  return fits ? byHost : matrix(stands, ({ host }) => host?.role ?? 'here', words)
}

function matrix(
  stands: Stand[],
  columnOf: (instance: Instance) => string,
  words: Record<LookedStatus, string>,
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
    ...columns.map((column) => cell(row.get(column) ?? [], words)),
  ])
  return table([['', ...columns], ...lines])
}

function cell(stands: Stand[], words: Record<LookedStatus, string>): string {
  const counts = new Map<LookedStatus, number>()
  for (const { status } of stands) counts.set(status, (counts.get(status) ?? 0) + 1)
  if (stands.length < 2) return stands.map(({ status }) => words[status]).join('')
  return [...counts].map(([status, number]) => `${number} ${words[status]}`).join(', ')
}
