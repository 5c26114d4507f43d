import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error the miniatures are plain JavaScript
import { newExecutors } from '../../../tasks/sandbox/node/executors.mjs'
import { type Box, openBox } from './box.ts'

/** Says to the slave that it is the one, and ends. */
const program = '#!/bin/sh\necho \'{ "state": "RUNNING", "reason": "it was fetched" }\' >&3\n'

let box: Box
let server: Server
let store: string
beforeEach(async () => {
  box = openBox()
  server = createServer(({ url }, response) => {
    response.writeHead(url === '/gone/executor.pex' ? 404 : 200).end(program)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  store = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.close()
  await box.close()
})

/** The first thing that a slave tells of a task. */
const firstWord = (uri: string) =>
  new Promise((tell) => {
    const executors = newExecutors({
      root: box.root,
      workDir: '/var/lib/mesos',
      pid: 'slave(1)@127.0.0.1',
      tell,
    })
    executors['/launch']({ slave: 'S0', task: { id: 'one', role: 'root' }, executor: { uri, flags: '' } })
  })

test('a slave downloads an executor, and starts it', async () => {
  expect(await firstWord(`${store}/executor.pex`)).toMatchObject({
    state: 'RUNNING',
    reason: 'it was fetched',
  })
})

test('it copies one that lies on the host, whatever its mode', async () => {
  box.write('opt/executor.pex', program)
  expect(await firstWord('/opt/executor.pex')).toMatchObject({ state: 'RUNNING' })
})

test('a task is lost whose executor only Hadoop could bring, or ends by itself', async () => {
  expect(await firstWord('hdfs://10.0.0.1/executor.pex')).toMatchObject({
    state: 'LOST',
    reason: expect.stringMatching(/Failed to fetch hdfs:.*no Hadoop/),
  })
  box.write('opt/executor.pex', '#!/bin/sh\nexit 3\n')
  expect(await firstWord('/opt/executor.pex')).toMatchObject({
    state: 'LOST',
    reason: 'the executor ended with status 3',
  })
})

test('a task that a slave does not know is lost, when it is to be killed', async () => {
  const word = new Promise((tell) =>
    newExecutors({ root: box.root, workDir: '/', pid: '', tell })['/kill']({ id: 'one' }),
  )
  expect(await word).toMatchObject({ id: 'one', state: 'LOST', reason: 'no such task on this slave' })
})

test('a task is lost whose executor is not there', async () => {
  const lost = { state: 'LOST', reason: expect.stringMatching(/Failed to fetch .*404/) }
  expect(await firstWord(`${store}/gone/executor.pex`)).toMatchObject(lost)
})
