import { expect, it, vi } from 'vitest'
import { movePieces } from '../../../lib/hosts/transfer/pieces.ts'

const named = { largest: 32_768 }

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

it('begins with small pieces, which grow while they are moved soon', async () => {
  const lengths: number[] = []
  const move = async (_position: number, length: number) => {
    lengths.push(length)
    await new Promise(setImmediate)
  }
  await movePieces({ from: 0, to: 20_000_000 }, move, { largest: 261_120, onMoved() {} })
  expect(lengths.slice(0, 8)).toEqual(Array(8).fill(32_768))
  expect(lengths.slice(20, -1).every((length) => length === 261_120)).toBe(true)
})

it('keeps to small pieces where they take long', async () => {
  const clock = vi.spyOn(process, 'uptime').mockImplementation(() => (time += 1.001))
  let time = 0
  const lengths = new Set<number>()
  const move = async (_position: number, length: number) => void lengths.add(length)
  await movePieces({ from: 0, to: 10 * 32_768 }, move, { largest: 261_120, onMoved() {} })
  clock.mockRestore()
  expect([...lengths]).toEqual([32_768])
})
