import { expect, test } from 'vitest'
import type { Reason } from '../../../../lib/model/reason.ts'
import { reasonInWords, reasonsInWords } from '../../../../lib/report/words/reason.ts'

const sentences: [Reason, string][] = [
  [{ kind: 'never-ran' }, 'it has not run yet'],
  [{ kind: 'input-changed', path: 'src/a.c' }, '`src/a.c` changed'],
  [{ kind: 'input-added', path: 'src/b.c' }, '`src/b.c` is new'],
  [{ kind: 'input-removed', path: 'src/c.c' }, '`src/c.c` is gone'],
  [{ kind: 'value-changed', name: 'level', before: '2', after: '3' }, 'the value `level` is 3 (was 2)'],
  [{ kind: 'env-changed', name: 'CC' }, 'the variable `CC` changed'],
  [{ kind: 'fact-changed', name: 'zk', before: 'a', after: 'b' }, 'the fact `zk` is b (was a)'],
  [{ kind: 'need-changed', task: 'generate', path: 'build/list' }, '`generate` made another `build/list`'],
  [{ kind: 'need-changed', task: 'generate' }, 'its need of `generate` was added or removed'],
  [{ kind: 'definition-changed' }, 'the code of the task changed'],
  [
    { kind: 'platform-changed', before: 'debian-7-x86_64', after: 'debian-12-x86_64' },
    'the platform is debian-12-x86_64 (was debian-7-x86_64)',
  ],
  [{ kind: 'output-missing', path: 'build/out' }, 'its output `build/out` is missing'],
  [{ kind: 'output-changed', path: 'build/out' }, 'its output `build/out` is no longer what it made'],
  [{ kind: 'receipt-missing' }, 'the host keeps no receipt of it'],
  [{ kind: 'probe-failed', detail: 'the scheduler is dead' }, 'its check found: the scheduler is dead'],
  [{ kind: 'forced' }, 'a new run was asked for'],
  [{ kind: 'always' }, 'it runs whenever asked for'],
  [{ kind: 'waits-for', task: 'compile' }, 'not known before `compile` has run'],
  [
    { kind: 'unreachable', host: 'slave-3', detail: 'connection refused' },
    'host `slave-3` cannot be reached: connection refused',
  ],
]

test.each(sentences)('%o is said in words', (reason, words) => {
  expect(reasonInWords(reason)).toBe(words)
})

test('of many reasons the first three are said, and how many more there are', () => {
  const reasons = ['a', 'b', 'c', 'd', 'e'].map((path): Reason => ({ kind: 'input-changed', path }))
  expect(reasonsInWords(reasons)).toBe('`a` changed, `b` changed, `c` changed and 2 more')
})
