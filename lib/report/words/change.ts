import { inText } from '../../model/json.ts'

/** From one value to another; what is long is cut to where the two part. */
export function changeInWords(before: string | undefined, after: string | undefined): string {
  if (after === undefined) return 'removed'
  if (before === undefined) return `added: ${window(after, 0)}`
  const apart = firstDifference(before, after)
  return `${window(before, apart)} → ${window(after, apart)}`
}

/** The value of a variable. */
export function variable(value: string | null | undefined): string | undefined {
  return value === null ? 'unset' : value === undefined ? undefined : inText(value)
}

const width = 48
const before = 16

function window(text: string, place: number): string {
  if (text.length <= width) return text
  const start = place < width - before ? 0 : place - before
  const end = start + width
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`
}

function firstDifference(a: string, b: string): number {
  let place = 0
  while (place < a.length && a[place] === b[place]) place++
  return place
}
