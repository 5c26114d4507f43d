import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Where the engine lies: `lib/`, or what it is compiled into. */
const engine = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * What a stack tells the author of the tasks: the frames of his own code, by path from the workspace's root. Where there is
 * none, and it is the engine that is at fault, the whole stack.
 */
export function ownFrames(stack: string, root: string): string | undefined {
  const frames = stack
    .split('\n')
    .filter((line) => /^ +at .+:\d+:\d+\)?$/.test(line) && !/[ (]node:|\/node_modules\//.test(line))
  const own = frames.flatMap((frame) => (below(frame, engine) ? [] : (below(frame, root) ?? [])))
  if (own.length > 0) return own.join('\n')
  const [first = ''] = frames
  // A function that merely waits is not at fault.
  return below(first, engine) && !first.includes(' at async ') ? stack : undefined
}

/** `    at run (/root/tasks/index.ts:4:7)` → `at run (tasks/index.ts:4)`; undefined for what lies elsewhere. */
function below(frame: string, folder: string): string | undefined {
  const written = [folder, pathToFileURL(folder).href].flatMap((place) => [` ${place}/`, `(${place}/`])
  const start = written.find((beginning) => frame.includes(beginning))
  return (
    start &&
    frame
      .trim()
      .replace(start, start[0]!)
      .replace(/:\d+(\)?)$/, '$1')
  )
}
