import { expect, test } from 'vitest'
import type { Finding } from '../../../../lib/model/cache.ts'
import { findingInWords } from '../../../../lib/report/words/finding.ts'

test.each<[Finding, string]>([
  [
    { kind: 'damaged', path: '/w/.cache/blobs/ab/cd', problem: 'its content is not what its name says' },
    '`.cache/blobs/ab/cd` cannot be used: its content is not what its name says. It was worth nothing, and is removed.',
  ],
  [
    { kind: 'damaged', path: '/w/.cache/a', problem: 'EISDIR: illegal operation on a directory, read' },
    '`.cache/a` cannot be used: illegal operation on a directory. It was worth nothing, and is removed.',
  ],
  [
    { kind: 'contents-missing', path: '/w/.cache/records/make/ab.json', instance: 'make', missing: 2 },
    '`.cache/records/make/ab.json` refers to 2 contents that the cache no longer has. ' +
      'It was worth nothing, and is removed: `make` runs again when it is needed.',
  ],
  [
    { kind: 'foreign', path: '/w/.cache/notes' },
    "`.cache/notes` is not the cache's. It is left alone: move it elsewhere, or delete it.",
  ],
  [
    {
      kind: 'inaccessible',
      path: '/w/.cache/logs',
      problem: "EACCES: permission denied, scandir '/w/.cache/logs'",
    },
    '`.cache/logs` cannot be looked at, or not removed: permission denied. Give access to it (`ls -ld` shows who has it), ' +
      'or delete it: all of `.cache` but the sandbox may be deleted.',
  ],
])('%o is said with what became of it', (finding, words) => {
  expect(findingInWords(finding, '/w')).toBe(words)
})
