import { expect, test } from 'vitest'
import type { Reason } from '../../../../lib/model/reason.ts'
import { reasonsAsClauses, reasonsInWords } from '../../../../lib/report/words/reason.ts'

const sentences: [Reason, string][] = [
  [{ kind: 'never-ran' }, 'it has not run yet'],
  [{ kind: 'input-changed', path: 'src/a.c' }, '`src/a.c` changed'],
  [{ kind: 'input-changed', path: 'e\x1b[2Jvil\nname' }, '`e\\x1b[2Jvil\\nname` changed'],
  [{ kind: 'input-changed', path: 'a', from: 'b' }, '`a` is now what `b` was'],
  [{ kind: 'input-changed', path: 'a.sh', executable: true }, '`a.sh` became executable'],
  [{ kind: 'input-changed', path: 'a.sh', executable: false }, '`a.sh` ceased to be executable'],
  [{ kind: 'input-added', path: 'src/b.c' }, '`src/b.c` is new'],
  [{ kind: 'input-removed', path: 'src/c.c' }, '`src/c.c` is gone'],
  [{ kind: 'value-changed', name: 'level', before: '1', after: '2' }, '`level` 1 → 2'],
  [{ kind: 'value-changed', name: 'flags.extra', after: '2' }, '`flags.extra` added: 2'],
  [{ kind: 'value-changed', name: 'flags.extra', before: '2' }, '`flags.extra` removed'],
  [{ kind: 'env-changed', name: 'CC', before: 'gcc', after: 'clang' }, '`CC` gcc → clang'],
  [{ kind: 'env-changed', name: 'CC', before: null, after: 'clang' }, '`CC` unset → clang'],
  [{ kind: 'env-changed', name: 'CC', before: 'unset', after: null }, '`CC` "unset" → unset'],
  [{ kind: 'env-changed', name: 'CC', after: '' }, '`CC` added: ""'],
  [{ kind: 'env-changed', name: 'CC' }, '`CC` removed'],
  [{ kind: 'fact-changed', name: 'zk', before: 'a', after: 'b' }, 'the fact `zk` a → b'],
  [{ kind: 'need-changed', task: 'generate', path: 'build/list' }, '`generate` made other bytes: build/list'],
  [
    { kind: 'need-changed', task: 'generate', path: 'build/list', change: 'added' },
    'new from `generate`: build/list',
  ],
  [
    { kind: 'need-changed', task: 'generate', path: 'build/list', change: 'removed' },
    'gone from `generate`: build/list',
  ],
  [{ kind: 'need-changed', task: 'generate', change: 'added' }, 'it now needs `generate`'],
  [{ kind: 'need-changed', task: 'generate', change: 'removed' }, 'it no longer needs `generate`'],
  [{ kind: 'definition-changed' }, 'the code of the task changed'],
  [
    { kind: 'definition-changed', outputs: { added: ['build/a'], removed: ['build/b', 'build/c'] } },
    'its declared outputs changed: `build/a` added, `build/b` and `build/c` removed',
  ],
  [
    { kind: 'platform-changed', before: 'debian-7-x86_64', after: 'debian-12-x86_64' },
    'the platform is debian-12-x86_64 (was debian-7-x86_64)',
  ],
  [{ kind: 'output-missing', path: 'build/out' }, 'its output `build/out` is missing'],
  [
    { kind: 'output-missing', path: 'dist/out', from: 'master' },
    'its output `dist/out` is missing here, and is brought from master',
  ],
  [{ kind: 'output-changed', path: 'build/out' }, 'its output `build/out` is no longer what it made'],
  [
    { kind: 'output-changed', path: 'build/mine', extra: true },
    '`build/mine` lies among its outputs, and it did not make it',
  ],
  [{ kind: 'receipt-missing' }, 'the host keeps no receipt of it'],
  [{ kind: 'probe-failed', detail: 'the scheduler is dead' }, 'its check found: the scheduler is dead'],
  [
    { kind: 'probe-threw', failure: { kind: 'crash', message: 'x is not a function' } },
    'its check failed: x is not a function',
  ],
  [
    {
      kind: 'probe-threw',
      failure: { kind: 'command', command: 'pgrep mesos', exitCode: 1, signal: null, tail: '' },
    },
    'its check failed: the command `pgrep mesos` exited with 1',
  ],
  [{ kind: 'forced' }, 'a new run was asked for'],
  [{ kind: 'always' }, 'it runs whenever asked for'],
  [{ kind: 'waits-for', task: 'compile' }, 'not known before `compile` has run'],
  [
    { kind: 'unreachable', host: 'slave-3', detail: 'connection refused' },
    'host `slave-3` cannot be reached: connection refused',
  ],
]

test.each(sentences)('%o is said in words', (reason, words) => {
  expect(reasonsAsClauses([reason])).toEqual([words])
})

const changed = (path: string): Reason => ({ kind: 'input-changed', path })

test('what is said of several things is said once', () => {
  const missing = ['x', 'y'].map((path): Reason => ({ kind: 'output-missing', path }))
  const made = 'abcdefghi'.split('').map((path): Reason => ({ kind: 'need-changed', task: 'generate', path }))
  expect(reasonsAsClauses([changed('a'), ...missing, changed('b'), ...made], 2)).toEqual([
    '`a` and `b` changed',
    'its outputs `x` and `y` are missing',
    '`generate` made other bytes: a, b and 7 more',
  ])
})

test('renamed files are said with both names, swapped ones too', () => {
  const reasons: Reason[] = [
    { kind: 'input-added', path: 'new', from: 'old' },
    { kind: 'input-removed', path: 'old' },
    { kind: 'input-removed', path: 'other' },
    { kind: 'input-changed', path: 'a', from: 'b' },
    { kind: 'input-changed', path: 'b', from: 'a' },
  ]
  expect(reasonsAsClauses(reasons)).toEqual([
    'renamed: `old` → `new`',
    '`other` is gone',
    'swapped: `a` ⇄ `b`',
  ])
})

test('in one line the first three are said, and how many more there are', () => {
  const values = ['a', 'b', 'c'].map(
    (name): Reason => ({ kind: 'value-changed', name, before: '1', after: '2' }),
  )
  expect(reasonsInWords([changed('src/a.c'), ...values, { kind: 'definition-changed' }])).toBe(
    '`src/a.c` changed; `a` 1 → 2; `b` 1 → 2; and 2 more',
  )
})

test('a long value is cut to where it changed, and never to nothing', () => {
  const [long, other] = [`${'x'.repeat(200)}old${'y'.repeat(200)}`, `${'x'.repeat(200)}new${'y'.repeat(200)}`]
  const [words] = reasonsAsClauses([{ kind: 'value-changed', name: 'text', before: long, after: other }])
  expect(words).toMatch(/^`text` …x+oldy+… → …x+newy+…$/)
  expect(words!.length).toBeLessThan(130)
  const [ended] = reasonsAsClauses([
    { kind: 'value-changed', name: 'text', before: long, after: long.slice(0, 200) },
  ])
  expect(ended).toMatch(/^`text` …x+oldy+… → …x+$/)
})
