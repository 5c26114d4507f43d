import { mkdirSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'

let host: HostFolder
let server: Server
let port: string
let answers: Record<string, { status?: number; body: string }>

beforeEach(async () => {
  host = new HostFolder()
  answers = { '/health': { body: 'OK' }, '/vars': { body: 'a_thing 1\nframework_registered 1\nother 0\n' } }
  server = createServer(({ url }, response) => {
    const answer = answers[url ?? '']
    response.writeHead(answer ? (answer.status ?? 200) : 404).end(answer?.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  port = String((server.address() as AddressInfo).port)
})
afterEach(async () => {
  await new Promise((closed) => server.close(closed))
  host.remove()
})

/** A folder of programs without curl. */
function withoutCurl(): string[] {
  mkdirSync(host.path('/bin'), { recursive: true })
  if (host.has('/bin/bash')) return [host.path('/bin')]
  for (const name of ['bash', 'cat', 'dirname', 'grep', 'timeout', 'printf'])
    symlinkSync(`/usr/bin/${name}`, host.path(`/bin/${name}`))
  return [host.path('/bin')]
}

describe.each([
  ['curl', () => ['/usr/bin', '/bin']],
  ['bash alone', withoutCurl],
])('with %s', (_name, path) => {
  const ask = (...args: string[]) => host.run('aurora_health.sh', { args: [port, ...args], path: path() })

  it('says nothing of a healthy service', async () => {
    expect(await ask('framework_registered', 'a_thing')).toMatchObject({ exitCode: 0, output: '' })
  })

  it('names the variable that is not 1', async () => {
    const { exitCode, output } = await ask('framework_registered', 'other')
    expect({ exitCode, output }).toEqual({
      exitCode: 1,
      output: `other is not 1 at http://127.0.0.1:${port}/vars\n`,
    })
  })

  it('does not take a longer name for the one asked for', async () => {
    expect((await ask('thing')).exitCode).toBe(1)
  })

  it('is not content with an answer that is not OK', async () => {
    answers['/health'] = { status: 500, body: 'OK' }
    expect((await ask()).exitCode).toBe(1)
    answers['/health'] = { body: 'not yet' }
    expect((await ask()).output).toBe(`http://127.0.0.1:${port}/health does not answer OK\n`)
  })

  it('says so when nobody listens', async () => {
    await new Promise((closed) => server.close(closed))
    const { exitCode, output } = await ask()
    expect({ exitCode, output }).toEqual({
      exitCode: 1,
      output: `http://127.0.0.1:${port}/health does not answer OK\n`,
    })
    server.listen(Number(port), '127.0.0.1')
  })
})
