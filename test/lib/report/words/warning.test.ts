import { expect, test } from 'vitest'
import type { Warning } from '../../../../lib/model/event.ts'
import type { HeldLease } from '../../../../lib/model/lease.ts'
import { warningInWords } from '../../../../lib/report/words/warning.ts'

const holder: HeldLease = {
  who: 'alice@laptop',
  pid: 4711,
  command: 'run start',
  since: '2026-01-31T12:00:00.000Z',
  run: 'a1',
  ageMs: 192_000,
  silentMs: 4000,
}
const alice = 'alice@laptop (process 4711, run start), at it for 3 min 12 s and last heard of 4.0 s ago,'

const sentences: [Warning, string][] = [
  [
    { kind: 'waits-for-lease', by: holder },
    `${alice} is deploying to this cluster. This run waits for its end.`,
  ],
  [
    { kind: 'lease-taken-over', from: holder },
    `${alice} did not give back the lease of this cluster: it is taken over.`,
  ],
  [
    { kind: 'lease-lost', to: holder },
    `${alice} has taken the lease of this cluster. This run stops, and leaves alone what it has begun on hosts: the next one finds it.`,
  ],
  [
    { kind: 'lease-lost', failure: { kind: 'connection-lost', host: 'master' } },
    'The lease of this cluster could not be renewed: the connection to `master` was lost. ' +
      'This run stops, and leaves alone what it has begun on hosts: the next one finds it.',
  ],
  [
    { kind: 'lease-left', failure: { kind: 'connection-lost', host: 'master' } },
    'The lease of this cluster could not be given back: the connection to `master` was lost. ' +
      'It expires by itself within a minute.',
  ],
  [
    { kind: 'changed-before-lease', task: 'stage@master' },
    'Another run has changed what `stage@master` makes, after this one had found it up to date. ' +
      'This one stops, and has changed nothing. Run again.',
  ],
  [
    { kind: 'cache-fault', what: 'A record could not be kept', detail: 'no space' },
    'A record could not be kept: no space. The run goes on without it.',
  ],
  [
    {
      kind: 'cache-fault',
      what: 'A record could not be kept',
      detail: { problem: 'no-space', path: '.cache/tmp' },
    },
    'A record could not be kept: no space is left for `.cache/tmp`. The run goes on without it. ' +
      'Free some space (`df -h` shows where it went), then run again.',
  ],
  [
    {
      kind: 'cache-fault',
      what: 'A record could not be kept',
      detail: { problem: 'below-a-file', path: '.cache' },
    },
    'A record could not be kept: there can be no `.cache`: a file is where a folder should be. ' +
      'The run goes on without it. Remove what is in the way: all of `.cache` may be deleted.',
  ],
  [
    { kind: 'input-changed-while-running', task: 'build', path: 'a.c' },
    '`a.c` changed while `build` ran: its result is not recorded, and it will run again.',
  ],
  [
    { kind: 'cache-collected', limit: 10e9, size: 1.2e9, left: 8.9e9 },
    'The cache was larger than 10.0 GB: 1.2 GB of what was least recently used were removed, 8.9 GB are left.',
  ],
  [{ kind: 'more-cache-faults', more: 1 }, '1 more fault of the cache like this.'],
  [{ kind: 'more-cache-faults', more: 3 }, '3 more faults of the cache like this.'],
  [
    { kind: 'output-overwritten', task: 'build', path: 'out' },
    '`out`, an output of `build`, was changed before the run ended: another task writes it, or somebody edited it. ' +
      'The next run puts it right.',
  ],
  [
    {
      kind: 'outputs-out-of-reach',
      task: 'build',
      fault: { problem: 'endless-link', path: 'out/made' },
    },
    'The outputs of `build` were put out of reach before the run ended: ' +
      '`out/made` is a link that leads back to itself. Correct the link.',
  ],
  [
    { kind: 'output-edited', task: 'build', path: 'out' },
    '`out`, an output of `build`, was edited by hand: it was put right.',
  ],
  [
    { kind: 'output-edited', task: 'build', path: 'out/mine', extra: true },
    '`out/mine` lay among the outputs of `build`, which did not make it: it was removed.',
  ],
  [
    { kind: 'waits-for-run', pid: 12, command: 'run start', since: '2026-11-01T10:00:00Z' },
    'Another run is at work here: process 12 (run start), since 2026-11-01T10:00:00Z. This one waits for its end.',
  ],
  [
    { kind: 'lock-taken-over', pid: 12, detail: 'it is gone' },
    'An earlier run (process 12) left its lock behind (it is gone): it is taken over.',
  ],
  [
    { kind: 'lock-taken-over', pid: null, detail: 'it is empty' },
    'An earlier run left its lock behind (it is empty): it is taken over.',
  ],
  [
    { kind: 'leftovers-ended', pids: [3, 4] },
    'An earlier run left processes behind: 3 and 4. They were ended.',
  ],
  [
    { kind: 'lock-lost', pid: 12, command: 'run start', since: '2026-11-01T10:00:00Z' },
    '`.cache` was deleted, and another run began meanwhile: process 12 (run start), since 2026-11-01T10:00:00Z. ' +
      'This one stops, and records nothing more.',
  ],
  [
    { kind: 'weak-digest', what: 'mesos.tar.gz', sha256: 'ab' },
    'mesos.tar.gz is checked by SHA-1 only. To pin it, declare its SHA-256: ab',
  ],
  [
    { kind: 'relay-bypassed', host: 'slave-1', via: 'master', why: 'no answer' },
    '`slave-1` cannot fetch files from `master` (no answer): they are sent to it directly.',
  ],
  [
    {
      kind: 'relay-down',
      via: 'master',
      failure: { kind: 'refused', problem: 'master has no Python', advice: 'Install it.' },
    },
    '`master` cannot give files to the other hosts: master has no Python. They are sent to each directly.',
  ],
  [{ kind: 'task', task: 'build', text: 'slow disk' }, '`build`: slow disk'],
  [
    { kind: 'failed-late', task: 'build', failure: { kind: 'crash', message: 'x is not a function' } },
    '`build` ended well, but something that it did not wait for failed: x is not a function.',
  ],
  [
    {
      kind: 'failed-late',
      task: 'build',
      failure: { kind: 'command', command: 'make', exitCode: 2, signal: null, tail: '' },
    },
    '`build` ended well, but something that it did not wait for failed: the command `make` exited with 2.',
  ],
  [{ kind: 'sandbox', text: 'This is the sandbox.' }, 'This is the sandbox.'],
]

test.each(sentences)('%o is said in words', (warning, words) => {
  expect(warningInWords(warning)).toBe(words)
})
