import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hostOfProgram } from '../../rig/host-of-program.ts'
import { isRoot } from '../../rig/small-disk.ts'

const bytes = 250_000_000

it.runIf(isRoot)(
  'a log of any length is followed at the pace of its reader, in bounded memory',
  async () => {
    const { workspace } = await hostOfProgram(`await host.script('chat.sh')`, {
      'chat.sh': `yes ${'0123456789'.repeat(9)} | head -c ${bytes}`,
    })
    const { child, ended } = workspace.start(['run', 'work'])
    const { most } = await readSlowly(child.stdout!, child.pid!)
    expect((await ended).exitCode).toBe(0)
    expect(most).toBeLessThan(300)
    // Its last line, which was not ended, is.
    expect(statSync(join(workspace.root, '.cache/logs/work@host-1.log')).size).toBe(bytes + 1)
  },
  120_000,
)

/** Reads a bit each 10 ms for as long as it takes the memory of a greedy program to grow, then all. @returns its peak in MB */
async function readSlowly(output: NodeJS.ReadableStream, pid: number) {
  const timer = setInterval(() => output.resume(), 20)
  output.on('data', () => output.pause())
  let most = 0
  const until = Date.now() + 5_000
  await new Promise<void>((done) => {
    output.on('end', done)
    output.on('data', () => {
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      most = Math.max(most, Number(peak ?? 0) / 1000)
      if (Date.now() > until) output.resume()
    })
  })
  clearInterval(timer)
  return { most }
}
