import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { unlessStalled } from '../../../lib/hosts/transfer/stall.ts'
import { failureOf } from './contract.ts'

const watched = { host: 'slave-1', what: 'big.tar', patience: 30_000 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('work without a sign of life is given up as stalled', async () => {
  const failure = failureOf(unlessStalled(watched, () => new Promise(() => {})))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await failure).toEqual({
    kind: 'stalled',
    host: 'slave-1',
    detail: 'big.tar: nothing moved for 30 s',
  })
})

it('work that gives signs of life may take as long as it likes', async () => {
  const slow = async (alive: () => void) => {
    for (let times = 0; times < 10; times++) {
      await vi.advanceTimersByTimeAsync(29_000)
      alive()
    }
    return 'done'
  }
  expect(await unlessStalled(watched, slow)).toBe('done')
})
