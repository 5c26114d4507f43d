import { stripVTControlCharacters } from 'node:util'

/** What does not end before is cut: some programs never print a line's end. */
const longestLine = 64 * 1024

/** Cuts what tasks print into whole lines, so that the lines of tasks that run together never mix. */
export function outputLines(print: (task: string, line: string) => void) {
  const open = new Map<string, Map<string, string>>()
  return {
    add(task: string, stream: string, text: string): void {
      const streams = open.get(task) ?? new Map<string, string>()
      open.set(task, streams)
      const lines = ((streams.get(stream) ?? '') + text).split('\n')
      const rest = lines.pop() as string
      streams.set(stream, rest.length < longestLine ? rest : '')
      if (rest.length >= longestLine) lines.push(rest)
      for (const line of lines) print(task, asShown(line))
    },
    /** The task has ended: prints its last lines, newline or not. */
    end(task: string): void {
      for (const rest of open.get(task)?.values() ?? []) if (rest !== '') print(task, asShown(rest))
      open.delete(task)
    },
  }
}

/** As a terminal would leave it: of what carriage returns overwrite, the last; no colours or cursor movements. */
function asShown(line: string): string {
  const parts = line.replace(/\r+$/, '').split('\r')
  return stripVTControlCharacters(parts.at(-1) as string)
}
