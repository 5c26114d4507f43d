import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error the miniatures are plain JavaScript
import { openTasks } from '../../../tasks/sandbox/aurora/src/main/java/org/apache/aurora/scheduler/tasks.mjs'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'log-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** On which slaves tasks of a job of three are started, when these are offered. */
function started(attributes: object[], flags = {}): string[] {
  const db = join(folder, String(Math.random()))
  mkdirSync(db)
  const launched: string[] = []
  const mesos = { launch: ({ id }: { id: string }) => launched.push(id) }
  const tasks = openTasks({ native_log_file_path: db, ...flags }, mesos)
  tasks.answer({
    method: 'createJob',
    key: 'k',
    job: { role: 'r', environment: 'e', name: 'n', instances: 3 },
  })
  tasks.offer(attributes.map((each, number) => ({ id: `S${number}`, attributes: each })))
  return launched
}

test('a slave that does not say its host and its rack never gets a task', () => {
  expect(started([{}, { host: 'a' }, { rack: 'r' }])).toEqual([])
  expect(started([{ host: 'a' }, { host: 'b', rack: 'r' }])).toEqual(['S1'])
})

test('two slaves that call themselves the same count as one', () => {
  expect(
    started([
      { host: 'a', rack: 'r' },
      { host: 'a', rack: 's' },
    ]),
  ).toEqual(['S0'])
})

test('without these constraints a slave need not say anything', () => {
  expect(started([{}], { enable_legacy_constraints: 'false' })).toEqual(['S0', 'S0', 'S0'])
})
