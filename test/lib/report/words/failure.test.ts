import { expect, test } from 'vitest'
import type { Failure } from '../../../../lib/model/failure.ts'
import type { FileFault } from '../../../../lib/model/file-fault.ts'
import { explain } from '../../../../lib/report/words/explained.ts'
import { failureInWords } from '../../../../lib/report/words/failure.ts'

const words = (failure: Failure) => explain(failureInWords(failure))

test('a script that fails shows its exit code and its last lines', () => {
  const failure: Failure = {
    kind: 'script',
    script: 'aurora_install.sh',
    exitCode: 2,
    signal: null,
    tail: 'no space\ngiving up\n',
  }
  expect(words(failure)).toBe('the script `aurora_install.sh` exited with 2\n  no space\n  giving up')
})

test('a command ended by a signal says which', () => {
  const failure: Failure = { kind: 'command', command: 'make', exitCode: null, signal: 'SIGKILL', tail: '' }
  expect(words(failure)).toBe('the command `make` was ended by SIGKILL')
})

test('a command without exit code or signal is not told as a success', () => {
  const failure: Failure = { kind: 'command', command: 'make', exitCode: null, signal: null, tail: '' }
  expect(words(failure)).toBe('the command `make` ended without an exit code')
})

test('a long command is shortened to its first line', () => {
  const failure: Failure = { kind: 'command', command: 'one\ntwo', exitCode: 1, signal: null, tail: '' }
  expect(words(failure)).toBe('the command `one …` exited with 1')
})

test('an unknown host key shows the fingerprint and the command to accept it', () => {
  const accept = 'ssh-keyscan -p 2222 203.0.113.10 >> ~/.ssh/known_hosts'
  const text = words({ kind: 'host-key', host: 'master', fingerprint: 'SHA256:abc', accept })
  expect(text).toContain('host `master` shows a key that is not known here\n  SHA256:abc')
  expect(text).toContain(accept)
})

test('a changed host key shows both fingerprints and warns of somebody in between', () => {
  const text = words({
    kind: 'host-key',
    host: 'master',
    fingerprint: 'SHA256:new',
    known: 'SHA256:old',
    accept: 'ssh-keygen -R master',
  })
  expect(text).toContain('another key than the one known for it\n  known SHA256:old\n  shown SHA256:new')
  expect(text).toContain('Somebody may be in between')
  expect(text).toContain('ssh-keygen -R master')
})

test('a revoked host key is told with the line that revokes it', () => {
  const revoked = '/etc/ssh/known_hosts, line 3'
  const text = words({ kind: 'host-key', host: 'master', fingerprint: 'SHA256:abc', revoked })
  expect(text).toContain('a key that is marked @revoked (/etc/ssh/known_hosts, line 3)\n  SHA256:abc')
  expect(text).toContain('may be an impostor')
})

test('a task that refuses is told in its own words', () => {
  expect(words({ kind: 'refused', problem: 'Docker is not there', advice: 'Install it.' })).toBe(
    'Docker is not there\nInstall it.',
  )
})

const others: [Failure, string][] = [
  [
    {
      kind: 'bad-task',
      task: 'start',
      file: '/w/tasks/start.ts',
      field: 'probe',
      problem: 'must be an array of reasons, not undefined',
      advice: 'Return one.',
    },
    '`probe` must be an array of reasons, not undefined (/w/tasks/start.ts)\nReturn one.',
  ],
  [
    { kind: 'not-started', command: 'echo x', code: 'E2BIG' },
    'the command `echo x` could not be started: it is longer than the system allows',
  ],
  [
    { kind: 'not-started', command: 'pwd', code: 'ENOENT' },
    'the command `pwd` could not be started: there is no bash on the PATH, or no such folder to start it in',
  ],
  [
    { kind: 'not-started', command: 'pwd', code: 'EAGAIN' },
    'the command `pwd` could not be started (EAGAIN)',
  ],
  [{ kind: 'timed-out', after: '10m' }, 'it was stopped after 10m, its time limit'],
  [{ kind: 'stuck' }, 'it waits for something that can no longer come'],
  [{ kind: 'output-not-made', path: 'build/x' }, 'it ended well but did not make its output `build/x`'],
  [
    { kind: 'unreachable', host: 'slave-1', address: '203.0.113.11', detail: 'timed out' },
    'host `slave-1` (203.0.113.11) cannot be reached: timed out',
  ],
  [
    {
      kind: 'authentication',
      host: 'slave-1',
      address: '203.0.113.11',
      user: 'jclouds',
      detail: 'no key was accepted',
    },
    'does not admit user `jclouds`: no key was accepted',
  ],
  [
    { kind: 'no-space', host: 'slave-1', path: '/opt', needed: 2_000_000, free: 65_536 },
    'no space is left on `slave-1` for `/opt`: it takes 2.0 MB, and 65.5 kB are free',
  ],
  [
    { kind: 'no-space', host: 'slave-1', path: '/opt', noMoreFiles: true },
    'no more files can be made on `slave-1` for `/opt`: its disk has no inodes left',
  ],
  [
    { kind: 'changed-while-sent', host: 'slave-1', path: 'dist/a' },
    '`dist/a` changed while it was sent to `slave-1`, where nothing of it is used',
  ],
  [{ kind: 'no-space', host: 'slave-1', path: '/var/lib' }, 'no space is left on `slave-1` for `/var/lib`'],
  [
    { kind: 'stalled', host: 'slave-1', detail: 'no byte in 30 s' },
    '`slave-1` stopped answering: no byte in 30 s',
  ],
  [
    { kind: 'verification', what: 'mesos.tar.gz', expected: 'aa', actual: 'bb' },
    'mesos.tar.gz is not what was promised, so it is not used\n  expected aa\n       got bb',
  ],
  [
    { kind: 'download', url: 'https://a.test/x', detail: '404' },
    '`https://a.test/x` cannot be downloaded: 404',
  ],
  [{ kind: 'connection-lost', host: 'slave-1' }, 'the connection to `slave-1` was lost'],
  [
    { kind: 'connection-lost', host: 'slave-1', job: 'build.sh' },
    'Run again: unless it is down, `build.sh` goes on there, and is followed.',
  ],
  [
    {
      kind: 'unreachable',
      host: 'slave-1',
      address: '203.0.113.11',
      detail: 'no answer within 20 s',
      job: 'build.sh',
    },
    'then run again: unless it is down, `build.sh` goes on there, and is followed.',
  ],
  [
    { kind: 'job-lost', host: 'slave-1', script: 'build.sh', rebooted: true, tail: 'half done\n' },
    'the script `build.sh` did not come to its end: host `slave-1` was started anew\n  half done',
  ],
  [
    { kind: 'job-lost', host: 'slave-1', script: 'build.sh', rebooted: false, tail: '' },
    'the script `build.sh` did not come to its end: something on `slave-1` killed its process',
  ],
  [
    { kind: 'crash', message: 'x is not a function' },
    'it threw an error that nobody expected: x is not a function',
  ],
]

const fileFaults: [FileFault, string][] = [
  [{ problem: 'denied', path: 'src/a' }, 'access to `src/a` is denied'],
  [{ problem: 'no-space', path: 'build' }, 'no space is left for `build`'],
  [{ problem: 'no-space' }, 'no space is left on the disk'],
  [{ problem: 'read-only', path: 'build' }, '`build` lies on a file system that can only be read'],
  [{ problem: 'folder', path: 'build' }, '`build` is a folder, and not the file that is expected there'],
  [{ problem: 'below-a-file', path: 'a/b' }, 'there can be no `a/b`: a file is where a folder should be'],
  [{ problem: 'no-file', path: 'pipe' }, '`pipe` is a pipe, a socket or a device, and not a file'],
  [{ problem: 'endless-link', path: 'link' }, '`link` is a link that leads back to itself'],
  [{ problem: 'name-too-long', path: 'aaa' }, 'the name `aaa` is too long for the file system'],
  [{ problem: 'too-many-open', path: 'a' }, '`a` cannot be opened: too many files are open'],
  [{ problem: 'broken-disk', path: 'a' }, '`a` cannot be read or written: the disk reports an error'],
]
others.push(
  ...fileFaults.map(([fault, expected]): [Failure, string] => [{ kind: 'file-fault', ...fault }, expected]),
)

test.each(others)('%o says what, where and what to do next', (failure, expected) => {
  expect(words(failure)).toContain(expected)
  expect(failureInWords(failure).next).toMatch(/^[A-Z].+\.$/)
})

test('a lease that another run holds is told with its owner', () => {
  const by = {
    who: 'alice@laptop',
    pid: 4711,
    command: 'run start',
    since: '',
    run: '',
    ageMs: 192_000,
    silentMs: 4000,
  }
  expect(words({ kind: 'lease-held', by })).toBe(
    'alice@laptop (process 4711, run start), at it for 3 min 12 s and last heard of 4.0 s ago, is deploying to this cluster\n' +
      'Wait for its end, or add `--wait` to go on when it has ended.',
  )
})

test('a host that refuses a run which has lost the lease says so', () => {
  expect(words({ kind: 'fenced', host: 'master' })).toBe(
    '`master` obeys another run, which has taken the lease of this cluster since\n' +
      'Nothing was changed there. Run again when that run has ended: `--wait` waits for it.',
  )
})
