import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { isRoot } from '../../rig/small-disk.ts'
import { until } from '../../rig/until.ts'

const minutes = 60_000
const program = ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL('index.ts', import.meta.url))]

/** Starts the program with a folder of its own for what is temporary. */
function start(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hosts-smoke-'))
  const usual = ['--contenders', 'engine,engine-via,openssh', '--rounds', '1', '--bundle', '2']
  const child = spawn(process.execPath, [...program, ...usual, ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })
  const left = () => readdirSync(folder).filter((name) => name.startsWith('bench-hosts-'))
  return { child, left }
}

it.runIf(isRoot)(
  'every scenario leaves on the hosts what it is to leave there, and moves a bundle no more often than it must',
  { timeout: 2 * minutes },
  async () => {
    const { child, left } = start('--scenarios', 'check:2,push:2,via:2')
    child.stderr.resume()
    const report = await text(child.stdout)
    expect(report.split('\n').filter((line) => line.startsWith('**'))).toEqual([])
    expect(movedIn(report)).toEqual({
      'check:2, again': { engine: 'kB', openssh: 'kB' },
      'push:2, new': { engine: '4 MB', 'engine-via': '4 MB', openssh: '4 MB' },
      'push:2, again': { engine: 'kB', 'engine-via': 'kB', openssh: 'kB' },
      'via:2, new': { 'engine-via': '2 MB', openssh: '4 MB' },
    })
    expect(left()).toEqual([])
  },
)

/** What each contender moved at each step, less how many kB exactly. */
function movedIn(report: string) {
  const [, ...tables] = report.split('### ')
  return Object.fromEntries(
    tables.map((table) => {
      const rows = [...table.matchAll(/^\| ([\w-]+) \|(?:[^|]+\|){3} ([^|]+) \|/gm)]
      const moved = rows.map(([, contender, bytes]) => [contender, bytes?.replace(/^\d+ kB/, 'kB')])
      return [table.slice(0, table.indexOf(':', table.indexOf(','))), Object.fromEntries(moved)]
    }),
  )
}

it.runIf(isRoot)('nothing is left when it is interrupted', { timeout: minutes }, async () => {
  const { child, left } = start('--scenarios', 'via:2')
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  await vi.waitUntil(() => said.includes('round 1'), { timeout: minutes })
  const processes = descendantsOf(child.pid!)
  expect(processes.length).toBeGreaterThan(3)
  for (const _ of ['from the terminal', 'passed on by npm']) child.kill('SIGINT')
  await once(child, 'close')
  expect(child.exitCode).toBe(130)
  await until(() => !processes.some((pid) => existsSync(`/proc/${pid}`)))
  expect(left()).toEqual([])
})

function descendantsOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const all = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const below = (of: number): number[] =>
    all.filter(([, ppid]) => ppid === of).flatMap(([pid]) => [pid, ...below(pid)])
  return below(parent)
}

it('a scenario that is not known is refused with those that are', () => {
  const { status, stderr } = spawnSync(process.execPath, [...program, '--scenarios', 'chek:64'], {
    encoding: 'utf8',
  })
  expect(status).toBe(2)
  expect(stderr).toBe('`chek:64` is not a scenario: check|push|via|scale:HOSTS, as in check:64\n')
})
