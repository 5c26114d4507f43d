import { expect, test } from 'vitest'
import type { Reason } from '../../../lib/model/reason.ts'
import type { LookedStatus } from '../../../lib/model/status.ts'
import type { Task } from '../../../lib/model/task.ts'
import { statusMatrix } from '../../../lib/render/status-matrix.ts'
import { standInWords } from '../../../lib/report/words/status.ts'

const task = (name: string) => ({ name }) as Task
const stand = (name: string, host: string | undefined, role: string, status: LookedStatus) => ({
  instance: {
    id: host ? `${name}@${host}` : name,
    task: task(name),
    ...(host && { host: { name: host, role, address: 'a', root: '' } }),
    needs: [],
  },
  status,
  reasons: [] as Reason[],
})

const stands = [
  stand('eggs', undefined, '', 'up-to-date'),
  stand('spread', 'slave-1', 'slaves', 'up-to-date'),
  stand('spread', 'slave-2', 'slaves', 'ran'),
  stand('spread', 'slave-3', 'slaves', 'up-to-date'),
]

test('tasks are rows and hosts are columns', () => {
  expect(statusMatrix(stands, standInWords, 120)).toBe(
    '        here        slave-1     slave-2    slave-3\n' +
      'eggs    up to date\n' +
      'spread              up to date  would run  up to date',
  )
})

test('what is at work says so, whatever else would become of it', () => {
  const stands = [{ ...stand('build', 'master', 'master', 'ran'), running: true as const }]
  expect(statusMatrix(stands, standInWords, 120)).toBe('       master\nbuild  running')
})

test('what has nothing to do says so', () => {
  const reasons: Reason[] = [{ kind: 'skipped', why: 'it is not needed' }]
  const stands = [{ ...stand('spread', 'slave-1', 'slaves', 'up-to-date'), reasons }]
  expect(statusMatrix(stands, standInWords, 120)).toBe('        slave-1\nspread  skipped')
})

test('where it is too narrow for all hosts, roles are columns and their hosts are counted', () => {
  expect(statusMatrix(stands, standInWords, 50)).toBe(
    '        here        slaves\n' + 'eggs    up to date\n' + 'spread              2 up to date, 1 would run',
  )
})
