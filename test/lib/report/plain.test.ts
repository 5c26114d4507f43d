import { expect, test } from 'vitest'
import type { Event, RunEnd } from '../../../lib/model/event.ts'
import type { Reason } from '../../../lib/model/reason.ts'
import { ended, plain, runEnded } from './story.ts'

const output = (task: string, text: string): Event => ({ type: 'task-output', task, stream: 'stdout', text })

test('it says what starts and why, what it prints, and how long it took', () => {
  const { out, err } = plain([
    { type: 'task-start', task: 'compile', reasons: [{ kind: 'input-changed', path: 'src/a.c' }] },
    output('compile', 'cc a.c\n'),
    ended('compile', 'ran'),
    runEnded({ ran: 1 }),
  ])
  expect(out).toBe(
    '▸ compile starts: `src/a.c` changed\n' +
      'compile │ cc a.c\n' +
      '✓ compile ran (1.2 s)\n' +
      '\n✓ Done: 1 ran (2.3 s)\n',
  )
  expect(err).toBe('')
})

test('lines of tasks that run together never mix', () => {
  const { out } = plain([
    output('a', 'one '),
    output('b', 'two\nthr'),
    output('a', 'line\n'),
    output('b', 'ee\n'),
  ])
  expect(out).toBe('b │ two\na │ one line\nb │ three\n')
})

test('a last line without its newline is printed when the task ends', () => {
  expect(plain([output('a', 'no newline'), ended('a', 'ran')]).out).toBe('a │ no newline\n✓ a ran (1.2 s)\n')
})

test('of what carriage returns overwrite, and of colours, only what remains is printed', () => {
  expect(plain([output('a', '10 %\r50 %\r100 %\r\n\u001b[31mred\u001b[0m\n')]).out).toBe(
    'a │ 100 %\na │ red\n',
  )
})

test('few that are up to date are named, many are counted', () => {
  const upToDate = (names: string[]) => names.map((name) => ended(name, 'up-to-date'))
  expect(plain([...upToDate(['a', 'b']), runEnded({ 'up-to-date': 2 })]).out).toBe(
    '· a up to date\n· b up to date\n\n✓ Nothing to do: 2 up to date (2.3 s)\n',
  )
  expect(plain([...upToDate(['a', 'b', 'c', 'd', 'e']), ended('f', 'ran')]).out).toBe(
    '· 5 up to date: a, b, c and 2 more\n✓ f ran (1.2 s)\n',
  )
  expect(plain(upToDate(['a', 'b', 'c', 'd']), { verbose: true }).out.split('\n')).toContain('· d up to date')
})

test('a failure is named at once on stdout, and told in full on stderr with its last lines and its log', () => {
  const { out, err } = plain([
    ended('test@slave-1', 'failed', {
      failure: { kind: 'script', script: 'test.sh', exitCode: 7, signal: null, tail: 'it is bad\n' },
      log: '.cache/logs/test@slave-1.log',
    }),
    ended('start', 'blocked', { blockedBy: 'test@slave-1' }),
    runEnded({ failed: 1, blocked: 1 }, { ok: false, exitCode: 1 }),
  ])
  expect(out).toBe(
    '✗ test@slave-1 failed (1.2 s): the script `test.sh` exited with 7\n' +
      '– start blocked by test@slave-1\n' +
      '\n✗ Failed: 1 failed and 1 blocked (2.3 s)\n' +
      '  test@slave-1 failed, its log: .cache/logs/test@slave-1.log\n',
  )
  expect(err).toBe(
    '\n`test@slave-1` failed: the script `test.sh` exited with 7.\n  it is bad\nFull log: .cache/logs/test@slave-1.log\n',
  )
})

test('which hosts failed of what is told at the end, unless all that failed is commands', () => {
  const told = (failedHosts: RunEnd['failedHosts']) =>
    plain([runEnded({ failed: 4 }, { ok: false, exitCode: 1, failedHosts })])
      .out.split('\n')
      .slice(2, -1)
  expect(
    told({
      unreachable: ['slave-3'],
      'no-space': ['slave-5'],
      'host-key': ['slave-7'],
      script: ['slave-1'],
      command: ['slave-1', 'slave-2'],
    }),
  ).toEqual([
    '  cannot be reached: slave-3',
    '  no space left: slave-5',
    '  host key not trusted: slave-7',
    '  failed: slave-1 and slave-2',
  ])
  expect(told({ command: ['slave-1'] })).toEqual([])
})

test('links are shown only for tasks that stand everywhere', () => {
  const links = [
    { task: 'start', label: 'Scheduler', url: 'http://localhost:8081' },
    { task: 'observe', label: 'Observer', url: 'http://localhost:1338' },
    { task: 'other', label: 'Other', url: 'http://localhost:1' },
  ]
  const { out } = plain(
    [
      ended('start@master', 'up-to-date'),
      ended('observe@slave-1', 'ran'),
      ended('observe@slave-2', 'failed'),
      runEnded({}),
    ],
    { links },
  )
  expect(out).toContain('Scheduler  http://localhost:8081')
  expect(out).not.toContain('Observer')
  expect(out).not.toContain('Other')
})

test('a dry run says what would be', () => {
  const dryRun = true
  const { out } = plain([
    { type: 'task-start', task: 'a', reasons: [{ kind: 'never-ran' }], dryRun },
    ended('a', 'ran', { reasons: [{ kind: 'never-ran' }], dryRun }),
    ended('b', 'unknown', { reasons: [{ kind: 'waits-for', task: 'a' }], dryRun }),
    runEnded({ ran: 1, unknown: 1 }, { dryRun }),
  ])
  expect(out).toBe(
    '▸ a would run: it has not run yet\n' +
      '? b not known yet: not known before `a` has run\n' +
      '\n✓ Nothing was changed: 1 would run and 1 not known yet (2.3 s)\n',
  )
})

test('what has nothing to do is told with the reason, however many hosts it is', () => {
  const reasons: Reason[] = [{ kind: 'skipped', why: 'another brings it' }]
  const skipped = (host: number) => ended(`spread@slave-${host}`, 'up-to-date', { reasons })
  const { out } = plain([
    ended('pack', 'up-to-date'),
    ...[1, 2, 3, 4].map(skipped),
    runEnded({ 'up-to-date': 5 }),
  ])
  expect(out).toMatch(
    '· pack up to date\n' +
      '· 4 skipped (another brings it): spread@slave-1, spread@slave-2, spread@slave-3 and 1 more\n',
  )
})

test('quiet leaves only the summary, failures and warnings', () => {
  const { out, err } = plain(
    [
      { type: 'task-start', task: 'a', reasons: [] },
      output('a', 'text\n'),
      ended('a', 'ran'),
      { type: 'warning', warning: { kind: 'task', task: 'a', text: 'slow disk' } },
      runEnded({ ran: 1 }),
    ],
    { quiet: true },
  )
  expect(out).toBe('\n✓ Done: 1 ran (2.3 s)\n')
  expect(err).toBe('Warning: `a`: slow disk\n')
})

test('a long transfer tells its quarters', () => {
  const progress = (done: number): Event => ({
    type: 'task-progress',
    task: 'd@s',
    done,
    total: 97_000_000,
    unit: 'bytes',
  })
  const { out } = plain([progress(1e6), progress(25e6), progress(26e6), progress(80e6), progress(97e6)])
  expect(out).toBe('d@s │ 25 % of 97.0 MB\nd@s │ 75 % of 97.0 MB\n')
})

test('an interrupted run says so', () => {
  const { out } = plain([runEnded({ cancelled: 2 }, { ok: false, exitCode: 130 })])
  expect(out).toContain('Interrupted: 2 cancelled')
})
