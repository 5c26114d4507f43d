import type { ScriptJob } from '../../model/host-session.ts'

/** Takes the log of a job as it comes. */
export interface Follower {
  /** Bytes of the log that have come. */
  offset: number
  take(chunk: Buffer): void
  /** Its last line is ended: what comes next begins on a line of its own. */
  end(): void
}

/**
 * Notes line by line how far it was heard: there no character is cut.
 * @param isTakenUp what an earlier run has heard is not told again
 */
export function newFollower({ onOutput, heard }: ScriptJob, id: string, isTakenUp: boolean): Follower {
  const decoder = new TextDecoder()
  const follower = {
    offset: isTakenUp ? (heard?.bytesOf(id) ?? 0) : 0,
    take(chunk: Buffer) {
      const end = chunk.lastIndexOf('\n') + 1
      if (end > 0) {
        hear(chunk.subarray(0, end))
        heard?.note(id, follower.offset)
      }
      if (end < chunk.length) hear(chunk.subarray(end))
    },
    end() {
      tell(decoder.decode())
      if (!last.endsWith('\n')) tell('\n')
      heard?.note(id, follower.offset)
    },
  }
  let last = '\n'
  const tell = (text: string) => {
    if (text === '') return
    last = text
    onOutput('stdout', text)
  }
  const hear = (part: Buffer) => {
    follower.offset += part.length
    tell(decoder.decode(part, { stream: true }))
  }
  heard?.note(id, follower.offset)
  return follower
}
