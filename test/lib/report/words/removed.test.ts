import { expect, test } from 'vitest'
import { type Sort, sorts } from '../../../../lib/model/cache.ts'
import { removedInWords } from '../../../../lib/report/words/removed.ts'

const removed = (counts: Partial<Record<Sort, number>>, size: number) =>
  removedInWords({
    counts: { ...(Object.fromEntries(sorts.map((sort) => [sort, 0])) as Record<Sort, number>), ...counts },
    size,
    findings: [],
  })

test('what was removed is counted by sort, with its size', () => {
  expect(removed({ records: 1, latest: 1, blobs: 12, temporary: 1 }, 1_500_000)).toBe(
    '1 record, 12 contents and 1 leftover of a killed run: 1.5 MB',
  )
})

test('nothing is nothing', () => {
  expect(removed({}, 0)).toBeUndefined()
})
