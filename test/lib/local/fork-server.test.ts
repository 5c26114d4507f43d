import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { beforeAll, expect, test, vi } from 'vitest'
import { ForkServer } from '../../../lib/local/fork-server.ts'
import { forkServerProgram } from '../../../lib/local/fork-server-program.ts'
import type { ForkedCommand } from '../../../lib/local/forked-command.ts'
import { findProcesses } from '../../../lib/local/processes.ts'
import { until } from '../../rig/until.ts'

const usual = { cwd: process.cwd(), env: { PATH: process.env.PATH!, WHO: 'ann=bob\nand "carl"', EMPTY: '' } }

let server: ForkServer

async function newServer() {
  const server = new ForkServer()
  await until(() => server.takes({ words: ['true'], ...usual }))
  return server
}

beforeAll(async () => {
  server = await newServer()
})

const forked = (script: string, options = {}) =>
  server.start({ words: ['bash', '-c', script], ...usual, ...options })

const spawned = (script: string, options = {}) =>
  spawn('bash', ['-c', script], { ...usual, ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })

async function resultOf(command: ForkedCommand | ChildProcess) {
  const failing = new Promise((resolve) => command.once('error', resolve))
  const [out, err, end] = await Promise.all([
    text(command.stdout!).catch(() => ''),
    text(command.stderr!).catch(() => ''),
    Promise.race([once(command, 'close'), failing]),
  ])
  return { out, err, end }
}

const children = () =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').map(Number)

test('its program is as strict as Perl asks for', () => {
  const { status, stderr } = spawnSync('perl', ['-Mstrict', '-Mwarnings', '-c', '-e', forkServerProgram])
  expect([status, `${stderr}`]).toEqual([0, '-e syntax OK\n'])
})

test('a command prints on both streams, and ends with its exit code', async () => {
  expect(await resultOf(forked('echo out; echo err >&2; exit 3'))).toEqual({
    out: 'out\n',
    err: 'err\n',
    end: [3, null],
  })
})

test.each(['SIGABRT', 'SIGPIPE', 'SIGTERM'])('or with %s, if that ended it', async (name) => {
  expect((await resultOf(forked(`kill -s ${name} $$`))).end).toEqual([null, name])
})

test('from the moment when it has started, it is found by its environment', async () => {
  for (let i = 0; i < 20; i++) {
    const command = forked('sleep 600', { env: { ...usual.env, MARK: `${process.pid}-${i}` } })
    await once(command, 'spawn')
    expect(findProcesses(`MARK=${process.pid}-${i}`).map(({ pid }) => pid)).toEqual([command.pid])
    process.kill(-command.pid!, 'SIGKILL')
  }
})

test('what it prints on one stream and then on the other is told in that order', async () => {
  for (let i = 0; i < 20; i++) {
    const command = forked('echo out; echo err >&2')
    const told: string[] = []
    command.stdout.on('data', (bytes) => told.push(`${bytes}`))
    command.stderr.on('data', (bytes) => told.push(`${bytes}`))
    await once(command, 'close')
    expect(told).toEqual(['out\n', 'err\n'])
  }
})

test('it is what it would be if Node had started it', async () => {
  const whoAndWhere = `
    pwd; env --null | sort --zero-terminated | tr '\\0' ';'; umask; ulimit -a; nice
    ls /proc/self/fd; readlink /proc/self/fd/0; grep -E 'Sig(Blk|Ign|Cgt)' /proc/$$/status
    [ "$(ps -o pgid= $$ | tr -d ' ')" = $$ ] && echo leads a group
    [ "$(ps -o tty= $$)" = '?' ] && echo no terminal; echo "$-" "$0" "$#"`
  const result = await resultOf(forked(whoAndWhere))
  expect(result.out).toContain('leads a group\nno terminal\n')
  expect(result).toEqual(await resultOf(spawned(whoAndWhere)))
})

test.each([
  ['a folder that is not there', 'true', { cwd: '/no/such/folder' }],
  ['no bash on the path', 'true', { env: { PATH: '/no/such/folder' } }],
  ['a line that is too long', `: ${'x'.repeat(200_000)}`, {}],
])('with %s, it fails to start as with Node', async (_, script, options) => {
  // Some of that, Node throws at once.
  const ofNode = await Promise.resolve()
    .then(() => resultOf(spawned(script, options)))
    .catch((end) => ({ end }))
  const { code, errno } = ofNode.end as NodeJS.ErrnoException
  const command = forked(script, options)
  const started = vi.fn()
  command.once('spawn', started)
  expect((await resultOf(command)).end).toMatchObject({ code, errno, syscall: 'spawn bash' })
  expect(started).not.toHaveBeenCalled()
})

test('many at a time keep apart what they print', async () => {
  const scripts = Array.from({ length: 50 }, (_, i) => `for n in {1..200}; do echo ${i}; done; exit ${i}`)
  const results = await Promise.all(scripts.map((script) => resultOf(forked(script))))
  expect(results).toEqual(scripts.map((_, i) => ({ out: `${i}\n`.repeat(200), err: '', end: [i, null] })))
})

test('bytes arrive as they were printed', async () => {
  const command = forked('head -c 3000000 /dev/zero; printf "\\xff\\x00\\n"')
  const printed = Buffer.concat([Buffer.alloc(3_000_000), Buffer.from([255, 0, 10])])
  expect((await buffer(command.stdout)).equals(printed)).toBe(true)
})

test('one whose output is not read waits, others go on', async () => {
  const flood = forked('head -c 5000000 /dev/zero; echo done >&2')
  await once(flood.stdout, 'readable')
  for (let i = 0; i < 20; i++) await resultOf(forked('true'))
  expect(flood.stdout.readableLength).toBeLessThan(1_000_000)
  expect(flood.stderr.readableLength).toBe(0)
  expect((await buffer(flood.stdout)).length).toBe(5_000_000)
})

test('it is not over while something that it left holds its output', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fork-server-'))
  const command = forked('mkfifo later; { cat later; } & echo now', { cwd: folder })
  const result = resultOf(command)
  await once(command, 'exit')
  writeFileSync(join(folder, 'later'), 'and later\n')
  expect((await result).out).toBe('now\nand later\n')
  rmSync(folder, { recursive: true })
})

test('its group can be ended as soon as its number is known', async () => {
  for (let i = 0; i < 50; i++) {
    const command = forked('sleep 600 & wait')
    await once(command, 'spawn')
    process.kill(-command.pid!, 'SIGKILL')
    expect((await resultOf(command)).end).toEqual([null, 'SIGKILL'])
  }
})

test('where the server itself is ended, its commands are not waited for', async () => {
  const before = children()
  const ownServer = await newServer()
  const [pid] = children().filter((child) => !before.includes(child))
  const command = ownServer.start({ words: ['sleep', '600'], ...usual })
  const ended = resultOf(command)
  await once(command, 'spawn')
  process.kill(pid!, 'SIGKILL')
  expect((await ended).end).toMatchObject({ failure: { kind: 'refused' } })
  process.kill(-command.pid!, 'SIGKILL')
  expect(ownServer.takes({ words: ['true'], ...usual })).toBe(false)
})

test('what cannot be told to it is not taken', () => {
  expect(server.takes({ words: ['bash', '-c', 'echo a\0b'], ...usual })).toBe(false)
})
