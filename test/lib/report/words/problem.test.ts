import { expect, test } from 'vitest'
import type { Problem } from '../../../../lib/model/problem.ts'
import { explain } from '../../../../lib/report/words/explained.ts'
import { problemInWords } from '../../../../lib/report/words/problem.ts'

const texts: [Problem, string][] = [
  [
    { kind: 'no-such-target', name: 'strat', nearest: ['start'], known: ['build', 'start'] },
    'There is no target `strat`. Did you mean `start`?\nTargets: build and start.',
  ],
  [
    { kind: 'no-such-host', name: 'slave-9', known: ['master', 'slave-1'] },
    'There is no host `slave-9`.\nHosts: master and slave-1.',
  ],
  [
    { kind: 'no-targets', known: ['build', 'start'] },
    'No target was named. These are known:\n  build\n  start',
  ],
  [
    {
      kind: 'bad-task',
      task: 'build',
      file: '/w/tasks/build.ts',
      field: 'retries',
      problem: 'must be a number',
      advice: 'Give 0 to 10.',
    },
    'Task `build` (/w/tasks/build.ts): `retries` must be a number.\nGive 0 to 10.',
  ],
  [
    { kind: 'bad-task', task: '', file: '', field: '', problem: 'must be an object', advice: 'Give one.' },
    'A task: it must be an object.\nGive one.',
  ],
  [
    { kind: 'bad-main', field: 'tasks[1]', problem: 'is undefined', advice: 'Give a task.' },
    '`main()`: `tasks[1]` is undefined.\nGive a task.',
  ],
  [
    { kind: 'duplicate-task', task: 'build', files: ['a.ts', 'b.ts'] },
    'Two tasks are named `build`:\n  a.ts\n  b.ts\nRename one of them.',
  ],
  [
    { kind: 'cycle', tasks: ['a', 'b', 'c', 'a'] },
    'Tasks need each other in a circle: a → b → c → a\nRemove one of these needs.',
  ],
  [
    { kind: 'import-circle', name: 'compile', file: 'tasks/test.ts' },
    '`compile` is used in tasks/test.ts before it is defined: modules import each other in a circle.\nLet imports, and with them the needs of tasks, go one way only; what two modules share gets one of its own.',
  ],
  [
    { kind: 'missing-input', task: 'build', path: 'src/x', file: 'tasks/build.ts' },
    'Task `build` (tasks/build.ts): its input `src/x` does not exist.\nPaths start at the root of the workspace. If the file may be absent, write a glob.',
  ],
  [
    { kind: 'undeclared-need', task: 'test', path: 'build/x', maker: 'build' },
    'Task `test` reads `build/x`, which `build` makes, but does not need that task.\nAdd `build` to the needs of `test`.',
  ],
  [
    { kind: 'overlapping-outputs', tasks: ['a', 'b'], patterns: ['out/**', 'out/x'] },
    'The outputs of `a` and `b` can overlap: `out/**`, `out/x`.\nGive each of them files, or a folder, of its own.',
  ],
  [
    {
      kind: 'bad-cluster-file',
      file: 'cluster.yml',
      issues: [
        { line: 3, path: 'hosts.mastr', problem: 'is not a key here', nearest: 'master' },
        { path: '', problem: 'is empty' },
      ],
    },
    'cluster.yml cannot be used:\n  line 3, `hosts.mastr`: is not a key here. Did you mean `master`?\n  is empty',
  ],
  [{ kind: 'no-cluster', detail: 'None is given.', advice: 'Write one.' }, 'None is given.\nWrite one.'],
  [
    { kind: 'bad-option', option: '--jbos', problem: 'is not an option here', nearest: '--jobs' },
    '`--jbos` is not an option here. Did you mean `--jobs`?',
  ],
  [
    { kind: 'no-such-command', name: 'rnu', nearest: ['run'], known: ['run', 'list'], isTarget: false },
    'There is no command `rnu`. Did you mean `run`?\nCommands: run and list.',
  ],
  [
    { kind: 'no-such-command', name: 'start', nearest: [], known: ['run'], isTarget: true },
    '`start` is a target, not a command. To run it: `run start`',
  ],
  [{ kind: 'no-command', known: ['run', 'list'] }, 'No command was given.\nCommands: run and list.'],
  [
    { kind: 'too-many-arguments', command: 'list', extra: ['x'] },
    '`list` does not know what to do with `x`.\n`list --help` shows what it takes.',
  ],
  [
    { kind: 'file-exists', file: 'cluster.yml', advice: 'Edit it.' },
    'cluster.yml exists already and is left as it is.\nEdit it.',
  ],
  [
    { kind: 'no-sandbox' },
    'This workspace has no sandbox.\nGive `sandbox` to `main()` in tasks/index.ts, or name a cluster with `--cluster`.',
  ],
  [
    { kind: 'locked', pid: 12, command: 'run start', since: '2026-11-01T10:00:00Z' },
    'Another run is at work here: process 12 (run start), since 2026-11-01T10:00:00Z.\nWait for its end, or add `--wait` to start when it has ended.',
  ],
  [
    {
      kind: 'unusable-ssh',
      host: 'master',
      problem: 'it asks for a certificate',
      advice: 'Use a plain key.',
    },
    'The SSH settings of host `master` cannot be used: it asks for a certificate.\nUse a plain key.',
  ],
]

test.each(texts)('%o is explained', (problem, words) => {
  expect(explain(problemInWords(problem))).toBe(words)
})
