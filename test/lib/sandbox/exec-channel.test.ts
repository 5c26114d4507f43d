import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../rig/until.ts'
import { connect, run, testHost } from './rig.ts'

test('output, error output and exit status of a command arrive', async () => {
  const client = await connect((await testHost()).access)
  expect(await run(client, 'echo out; echo err >&2; exit 7')).toEqual({
    code: 7,
    signal: undefined,
    stdout: 'out\n',
    stderr: 'err\n',
  })
})

test('a command that a signal ended has that signal and no status', async () => {
  const client = await connect((await testHost()).access)
  expect(await run(client, 'kill -KILL $$')).toMatchObject({ code: null, signal: 'SIGKILL' })
})

test('a signal that SSH has no name for is told as a shell would tell it', async () => {
  const client = await connect((await testHost()).access)
  expect(await run(client, 'kill -XCPU $$')).toMatchObject({ code: 128 + 24 })
})

test('a command starts in the root folder, in a process group of its own, with the given environment only', async () => {
  const host = await testHost()
  const client = await connect(host.access)
  expect((await run(client, 'pwd')).stdout.trim()).toBe(host.root)
  expect((await run(client, 'ps -o pgid= -p $$; echo $$')).stdout).toMatch(/^\s*(\d+)\n\1\n$/)
  const lines = (await run(client, 'env')).stdout.trim().split('\n')
  const setByShells = ['PWD', 'OLDPWD', 'SHLVL', '_']
  const names = lines.map((line) => line.split('=')[0]!).filter((name) => !setByShells.includes(name))
  expect(names.sort()).toEqual(['LANG', 'PATH', 'ROOT'])
})

test('all of a big input arrives, and its end', async () => {
  const client = await connect((await testHost()).access)
  const input = Buffer.alloc(5_000_000, 'input ')
  const digest = createHash('sha256').update(input).digest('hex')
  expect((await run(client, 'sha256sum', input)).stdout).toBe(`${digest}  -\n`)
})

test('a command need not read its input', async () => {
  const client = await connect((await testHost()).access)
  expect(await run(client, 'exit 3', Buffer.alloc(5_000_000))).toMatchObject({ code: 3 })
})

test('big output and big error output arrive whole, side by side', async () => {
  const client = await connect((await testHost()).access)
  const both = 'seq 1 900000 & seq 1 900000 >&2 & wait'
  const { stdout, stderr, code } = await run(client, both)
  const expected = Array.from({ length: 900_000 }, (_, index) => `${index + 1}\n`).join('')
  expect(code).toBe(0)
  expect(stdout === expected).toBe(true)
  expect(stderr === expected).toBe(true)
})

test('what a command wrote last is not lost when it ends at once', async () => {
  const client = await connect((await testHost()).access)
  const { stdout } = await run(client, 'head -c 150000 /dev/zero; printf end')
  expect(stdout.length).toBe(150_003)
  expect(stdout.endsWith('end')).toBe(true)
})

test('a background child that keeps the output open does not hold the command', async () => {
  const host = await testHost()
  const client = await connect(host.access)
  const { stdout, code } = await run(client, 'sleep 600 & echo $! started')
  const pid = Number.parseInt(stdout, 10)
  onTestFinished(() => void process.kill(pid))
  expect({ stdout, code }).toEqual({ stdout: `${pid} started\n`, code: 0 })
  expect(() => process.kill(pid, 0)).not.toThrow()
})

test('nor does one that never stops writing', async () => {
  const client = await connect((await testHost()).access)
  const { stdout, code } = await run(client, 'yes & head -c 3000000 /dev/zero; exit 4')
  expect(code).toBe(4)
  expect(stdout.split('\0').length).toBeGreaterThan(3_000_000)
  expect(stdout).toContain('y\ny\n')
})

test('a command that detached itself survives the loss of the connection', async () => {
  const host = await testHost()
  const client = await connect(host.access)
  const job = `setsid sh -c 'echo $$ >pid; while [ ! -e go ]; do sleep 0.01; done; echo done >result' </dev/null >/dev/null 2>&1 &`
  await run(client, job)
  client.destroy()
  const again = await connect(host.access)
  await run(again, 'touch go')
  await until(() => existsSync(join(host.root, 'result')))
  await until(() => readFileSync(join(host.root, 'result'), 'utf8') === 'done\n')
})

test('a client can send a signal to the command and all that is in its group', async () => {
  const client = await connect((await testHost()).access)
  const signal = await new Promise<string>((resolve, reject) => {
    client.exec('echo ready; sleep 600; echo not reached', (error, channel) => {
      if (error) return reject(error)
      channel.once('data', () => channel.signal('TERM'))
      channel.once('exit', (_code: number | null, signal: string) => resolve(signal))
    })
  })
  expect(signal).toBe('SIGTERM')
})

test('a host whose folder was removed says so', async () => {
  const host = await testHost()
  const client = await connect(host.access)
  rmSync(host.root, { recursive: true })
  expect(await run(client, 'true')).toMatchObject({
    code: 255,
    stderr: expect.stringContaining('cannot run a command on this host'),
  })
})

test('many commands share one connection', async () => {
  const client = await connect((await testHost()).access)
  const numbers = Array.from({ length: 30 }, (_, index) => index)
  const results = await Promise.all(numbers.map((number) => run(client, `echo ${number}; exit ${number}`)))
  expect(results.map(({ code }) => code)).toEqual(numbers)
  expect(results.map(({ stdout }) => stdout)).toEqual(numbers.map((number) => `${number}\n`))
})
