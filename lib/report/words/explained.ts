import { visible } from './visible.ts'

/** What went wrong, for a tired reader. */
export interface Explained {
  /** One sentence: what is wrong, and where. */
  what: string
  /** Lines to look at: the last output of a command, the parts of a list. */
  detail?: string
  /** What to do next. */
  next?: string
}

/** The whole explanation; the detail is indented under its sentence. */
export function explain({ what, detail, next }: Explained): string {
  return [visible(what), detail && indented(detail), next && visible(next)].filter(Boolean).join('\n')
}

export function indented(text: string, by = '  '): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : by + line))
    .join('\n')
}
