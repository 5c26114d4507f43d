import type { Log } from '../cache/logs.ts'
import type { Heard } from '../model/host-session.ts'
import { redactor } from '../model/redact.ts'

export type Stream = 'stdout' | 'stderr'

export interface TaskOutput {
  write(stream: Stream, text: string): void
  heard: Heard
  end(): void
}

/** What a task prints, less its secrets: to its log, and to whoever listens. */
export function taskOutput(
  log: Log,
  secrets: string[],
  listen: (stream: Stream, text: string) => void,
): TaskOutput {
  const redactors = { stdout: redactor(secrets), stderr: redactor(secrets) }
  const show = (stream: Stream, text: string) => {
    if (text === '') return
    log.write(text)
    listen(stream, text)
  }
  return {
    write: (stream: Stream, text: string) => show(stream, redactors[stream].add(text)),
    heard: {
      bytesOf: log.heard,
      note(job, bytes) {
        if (!redactors.stdout.holdsBack && !redactors.stderr.holdsBack) log.note(job, bytes)
      },
    },
    end: () => {
      for (const stream of ['stdout', 'stderr'] as const) show(stream, redactors[stream].end())
    },
  }
}
