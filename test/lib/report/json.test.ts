import { expect, test } from 'vitest'
import type { Event } from '../../../lib/model/event.ts'
import { jsonReporter } from '../../../lib/report/json.ts'
import { ended, key, runEnded, told } from './story.ts'

test('every event is one line of stdout, as it is', () => {
  const events: Event[] = [
    { type: 'run-start', schema: 1, run: 'r', targets: ['compile'] },
    { type: 'task-start', task: 'compile', reasons: [{ kind: 'never-ran' }] },
    { type: 'task-output', task: 'compile', stream: 'stdout', text: 'a\nb' },
    ended('compile', 'ran', { key }),
    runEnded({ ran: 1 }),
  ]
  const { out, err } = told(events, jsonReporter)
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(events)
  expect(err).toBe('')
})

test('warnings are told on stderr, and nothing of them on stdout', () => {
  const { out, err } = told(
    [{ type: 'warning', warning: { kind: 'task', task: 'a', text: 'slow disk' } }],
    jsonReporter,
  )
  expect(out).toBe('')
  expect(err).toBe('Warning: `a`: slow disk\n')
})
