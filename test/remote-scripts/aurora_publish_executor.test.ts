import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'

const name = 'thermos_executor.pex'
const content = 'an executor'
const path = `/${createHash('sha256').update(content).digest('hex')}/${name}`
const list = '/var/package/published'

let host: HostFolder
let server: Server
let store: string
/** Path → content. */
let stored: Map<string, Buffer>

beforeEach(async () => {
  host = new HostFolder()
  host.write(`/usr/local/aurora/dist/${name}`, content)
  stored = new Map()
  server = createServer(async (request, response) => {
    if (request.method === 'PUT') stored.set(request.url!, await buffer(request))
    const file = stored.get(request.url!)
    response.writeHead(file ? 200 : 404).end(request.method === 'GET' ? file : undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  store = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.close()
  host.remove()
})

const publish = (env: Record<string, string> = {}) =>
  host.run('aurora_publish_executor.sh', {
    env: { AURORA_HOME: '/usr/local/aurora', PUBLISHED: list, STORE: store, ...env },
    args: [name],
  })

it('puts a file under its digest, and writes down where', async () => {
  expect(await publish()).toMatchObject({ exitCode: 0, changes: [`${store}${path}`] })
  expect(stored.get(path)?.toString()).toBe(content)
  expect(host.read(list)).toBe(`${store}${path}\n`)
})

it('has nothing to change where the store has it', async () => {
  await publish()
  expect((await publish()).changes).toEqual(['nothing to change'])
})

it('puts it again where the store has something else', async () => {
  stored.set(path, Buffer.from('something else'))
  expect((await publish()).changes).toEqual([`${store}${path}`])
  expect(stored.get(path)?.toString()).toBe(content)
})

it('puts it into the folder that a web server gives out', async () => {
  server.removeAllListeners('request').on('request', (request, response) => {
    const file = `/srv/executors${request.url}`
    response.writeHead(host.has(file) ? 200 : 404).end(host.has(file) ? host.read(file) : undefined)
  })
  expect(await publish({ FOLDER: '/srv/executors' })).toMatchObject({ exitCode: 0 })
  expect(host.read(`/srv/executors${path}`)).toBe(content)
})

it('fails where that folder is not what the store gives out, and writes nothing down', async () => {
  const { exitCode, output } = await publish({ FOLDER: '/srv/executors' })
  expect(exitCode).toBe(1)
  expect(output).toContain(`is not the ${name} that was put there`)
  expect(output).toContain('executor.folder')
  expect(host.has(list)).toBe(false)
})

it('fails where the store takes nothing, and writes nothing down', async () => {
  server.removeAllListeners('request').on('request', (_, response) => void response.writeHead(403).end())
  const { exitCode, output } = await publish()
  expect(exitCode).toBe(1)
  expect(output).toContain(`${name} could not be put at ${store}${path}.`)
  expect(host.has(list)).toBe(false)
})

it('uses the commands that it is given', async () => {
  mkdirSync(host.path('/hdfs'))
  const commands = { PUT: 'cp "$FILE" "$ROOT/hdfs/it"; echo "$URI"', GET: 'cat "$ROOT/hdfs/it"' }
  const ran = await publish({ ...commands, STORE: 'hdfs://10.0.0.1/executors' })
  expect(ran).toMatchObject({ exitCode: 0, changes: [`hdfs://10.0.0.1/executors${path}`] })
})
