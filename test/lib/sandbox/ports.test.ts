import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { reservePorts } from '../../../lib/sandbox/ports.ts'

test('every name gets a port of its own that one can listen on', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `port-${index}`)
  const ports = Object.values(await reservePorts(names, {}))
  expect(new Set(ports).size).toBe(20)
  await Promise.all(ports.map(listen))
})

test('what is reserved stays, in use or not', async () => {
  const { web } = await reservePorts(['web'], {})
  await listen(web!)
  expect(await reservePorts(['web', 'admin'], { web: web! })).toEqual({ web, admin: expect.any(Number) })
})

function listen(port: number): Promise<void> {
  const server = createServer()
  onTestFinished(() => void server.close())
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
