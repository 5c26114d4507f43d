import { once } from 'node:events'
import { readdirSync, symlinkSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { basename } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serviceFiles } from '../../tasks/services/service-scripts.ts'
import { HostFolder } from '../rig/host-folder.ts'

const executors = '/var/lib/aurora-mesosphere/executors'

/** Listens where it is told and shows its arguments. */
const observer = `#!/usr/bin/env bash
exec node -e '
  const port = process.argv.find((arg) => arg.startsWith("--port=")).split("=")[1]
  const answers = { "/health": "OK", "/args": process.argv.slice(1).join(" ") }
  require("http").createServer(({ url }, response) => response.end(answers[url])).listen(Number(port), "127.0.0.1")
' -- "$@"
`

let host: HostFolder
let port: number
beforeEach(async () => {
  host = new HostFolder()
  const listener = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => listener.once('listening', listening))
  port = (listener.address() as AddressInfo).port
  await new Promise((closed) => listener.close(closed))
  release('first')
})
afterEach(() => {
  if (host.has('/var/run/aurora/observer.pid')) process.kill(-pid(), 'SIGKILL')
  host.remove()
})

function release(name: string): void {
  host.write(`${executors}/releases/${name}/thermos_observer.pex`, observer, 0o755)
  host.unlink(`${executors}/current`)
  symlinkSync(`releases/${name}`, host.path(`${executors}/current`))
}

const startup = (attributes: string[] = [], places = 'root') =>
  host.run('thermos_startup.sh', {
    args: attributes,
    env: {
      EXECUTORS: executors,
      PORT: String(port),
      PLACES: places,
      RESTART_PAUSE: '1',
      START_TIMEOUT: '20',
      STEADY: '0',
    },
  })
const pid = () => Number(host.read('/var/run/aurora/observer.pid').split(' ')[0])

it('starts the observer of the current release and waits until it answers', async () => {
  const ran = await startup()
  expect(ran.exitCode, ran.output).toBe(0)
  expect(ran.changes.at(-1)).toBe('observer started')
  const args = await (await fetch(`http://127.0.0.1:${port}/args`)).text()
  expect(args).toBe(
    `--root=${host.root}/var/run/thermos --port=${port} --log_to_disk=NONE --log_to_stderr=google:INFO`,
  )
  expect(host.has('/var/run/thermos')).toBe(true)
})

it('leaves of the service what `start` declares, and nothing else', async () => {
  await startup()
  expect(readdirSync(host.path('/var/lib/aurora-mesosphere/services')).sort()).toEqual(
    serviceFiles('observer', 'thermos_observer_startup.sh')
      .map((path) => basename(path))
      .sort(),
  )
})

it('says what to do where no observer was brought', async () => {
  host.unlink(`${executors}/current`)
  const ran = await startup()
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toContain(
    `There is no observer in ${executors}/current.\nRun start: it brings that first.`,
  )
})

it('leaves a running observer alone', async () => {
  await startup()
  const before = pid()
  expect((await startup()).changes).toEqual(['nothing to change'])
  expect(pid()).toBe(before)
})

it('restarts the observer when another release is current', async () => {
  await startup()
  release('second')
  expect((await startup()).changes).toEqual([
    'observer stopped',
    '/var/lib/aurora-mesosphere/services/observer.conf written',
    'observer started',
  ])
})

it('starts the observer again after it was killed with all its processes', async () => {
  await startup()
  process.kill(-pid(), 'SIGKILL')
  expect((await startup()).changes).toEqual(['observer started'])
})

describe('the attributes of the slave', () => {
  let mesos: Server
  let state: string
  beforeEach(async () => {
    mesos = createHttpServer((_, response) => response.end(state)).listen(0, '127.0.0.1')
    await once(mesos, 'listening')
    host.write('/etc/mesos-slave/port', `${(mesos.address() as AddressInfo).port}\n`)
  })
  afterEach(() => void mesos.close())

  it('are those that Aurora wants', async () => {
    state = '{"attributes":{"host":"one","rack":"two"},"flags":{}}'
    expect((await startup(['host', 'rack'])).exitCode).toBe(0)
  })

  it('are named where they are missing, with what to do', async () => {
    state = '{"attributes":{"hostess":"one"},"flags":{"work_dir":"\\/tmp\\/mesos"}}'
    const ran = await startup(['host', 'rack'])
    expect(ran.exitCode).toBe(1)
    expect(ran.output).toContain('This slave has no attribute host rack: Aurora would never give it a task.')
    expect(ran.output).toContain(
      '/etc/mesos-slave/attributes/host /etc/mesos-slave/attributes/rack, then stop',
    )
    expect(ran.output).toContain('/tmp/mesos/meta/slaves/latest')
  })
})

it('shows the observer of a later release the sandboxes of the slave, too', async () => {
  const mesos = createHttpServer((_, response) => response.end('{"flags":{"work_dir":"\\/tmp\\/mesos"}}'))
  await once(mesos.listen(0, '127.0.0.1'), 'listening')
  host.write('/etc/mesos-slave/port', `${(mesos.address() as AddressInfo).port}\n`)
  const ran = await startup([], 'root mesos-root')
  mesos.close()
  expect(ran.exitCode, ran.output).toBe(0)
  const args = await (await fetch(`http://127.0.0.1:${port}/args`)).text()
  expect(args).toContain(`--root=${host.root}/var/run/thermos --mesos-root=${host.root}/tmp/mesos --port=`)
})
