import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { collect } from '../../../lib/cache/collect.ts'
import { FilledCache } from './filled-cache.ts'
import { findings } from './findings.ts'

const program = fileURLToPath(new URL('programs/killed-collector.ts', import.meta.url))

test.each([
  [1, 'before'],
  [1, 'after'],
  [2, 'after'],
  [3, 'before'],
  [4, 'after'],
  [5, 'after'],
])(
  'a collection that is killed at removal %i, just %s it, leaves no record without its contents',
  async (removal, when) => {
    const it = new FilledCache()
    it.record('make', ['a', 'shared'], { daysAgo: 3 })
    it.record('make', ['b', 'c'], { daysAgo: 2 })
    it.record('join', ['shared', 'd'], { daysAgo: 1 })
    const before = it.files().length
    const child = spawn(process.execPath, ['--import', 'tsx', program, it.root, String(removal), when], {
      stdio: 'inherit',
    })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    expect(it.files()).toHaveLength(before - removal + (when === 'before' ? 1 : 0))
    expect(await findings(it.layout)).toEqual([])
    collect(it.layout, { maxSize: 0 })
    expect(it.files()).toEqual([])
  },
)
