import { expect, it } from 'vitest'
import { movePieces } from '../../../lib/hosts/pieces.ts'
import { failureOf } from './contract.ts'

const named = { host: 'slave-1', what: 'big.tar' }

it('moves each byte of a range once', async () => {
  const seen = new Uint8Array(1_000_000)
  let moved = 0
  const move = async (position: number, length: number) => {
    for (let at = position; at < position + length; at++) (seen[at] as number)++
  }
  await movePieces({ from: 12_345, to: 1_000_000 }, move, { ...named, onMoved: (bytes) => (moved += bytes) })
  expect(seen.indexOf(1)).toBe(12_345)
  expect(seen.slice(12_345).every((count) => count === 1)).toBe(true)
  expect(moved).toBe(1_000_000 - 12_345)
})

it('has many pieces under way at a time', async () => {
  let under = 0
  let most = 0
  const move = async () => {
    most = Math.max(most, ++under)
    await new Promise(setImmediate)
    under--
  }
  await movePieces({ from: 0, to: 10_000_000 }, move, { ...named, onMoved() {} })
  expect(most).toBe(64)
})

it('gives up with the first error, and moves nothing more', async () => {
  let started = 0
  const move = async (position: number) => {
    started++
    if (position === 0) throw new Error('broken')
    await new Promise(setImmediate)
  }
  await expect(movePieces({ from: 0, to: 100_000_000 }, move, { ...named, onMoved() {} })).rejects.toThrow(
    'broken',
  )
  expect(started).toBeLessThanOrEqual(128)
})

it('moves nothing more once it is aborted', async () => {
  const stop = new AbortController()
  let moved = 0
  const move = async () => {
    await new Promise(setImmediate)
    if (++moved === 100) stop.abort('SIGINT')
  }
  const moving = movePieces({ from: 0, to: 100_000_000 }, move, {
    ...named,
    signal: stop.signal,
    onMoved() {},
  })
  await expect(moving).rejects.toThrow('SIGINT')
  expect(moved).toBeLessThanOrEqual(164)
})

it('is stalled when no piece moves any more', async () => {
  const moving = movePieces({ from: 0, to: 1 }, () => new Promise(() => {}), {
    ...named,
    patience: 20,
    onMoved() {},
  })
  expect(await failureOf(moving)).toEqual({
    kind: 'stalled',
    host: 'slave-1',
    detail: 'big.tar: nothing moved for 0.02 s',
  })
})
