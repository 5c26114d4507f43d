import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Event, RunEnd, TaskEnd } from '../../lib/model/event.ts'

export interface Ended {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Runs `npx tsx tasks …` in a workspace, as a user would, with no terminal and nothing on stdin. */
export async function program(root: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn('npx', ['tsx', 'tasks', ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { exitCode, stdout, stderr }
}

export interface RunStory extends Ended {
  ends: TaskEnd[]
  end: RunEnd | undefined
  /** Instances by status, sorted. */
  having(status: TaskEnd['status']): string[]
}

/** The same with `--log-format json`, read. */
export async function runJson(root: string, args: string[], env?: NodeJS.ProcessEnv): Promise<RunStory> {
  const ended = await program(root, [...args, '--log-format', 'json'], env)
  const events: Event[] = ended.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const ends = events.filter((event) => event.type === 'task-end')
  return {
    ...ended,
    ends,
    end: events.find((event) => event.type === 'run-end'),
    having: (status) =>
      ends
        .filter((end) => end.status === status)
        .map(({ task }) => task)
        .sort(),
  }
}
