import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'

/** As later releases call it. */
const client = 'kaurora.pex'

let host: HostFolder
let observer: Server
let answers: (path: string) => string | undefined
beforeEach(async () => {
  host = new HostFolder()
  observer = createServer(({ url }, response) => {
    const answer = answers(url!)
    response.writeHead(answer === undefined ? 404 : 200).end(answer)
  })
  await once(observer.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => {
  observer.close()
  host.remove()
})

/** A client that writes down what it is asked, keeps what the job would say, and ends with the status given for that. */
function giveClient(statuses: Record<string, number> = {}): void {
  const cases = Object.entries(statuses).map(([command, status]) => `${command}) exit ${status} ;;`)
  host.write(
    `/aurora/dist/${client}`,
    `#!/bin/sh\necho "$*" >>"$ROOT/asked"\n[ "$2" != inspect ] || grep -o 'smoke-[0-9-]*' "$4" >"$ROOT/word"\ncase $2 in ${cases.join(' ')} esac\n`,
    0o755,
  )
}

const smokeTest = (timeout = '20') =>
  host.run('aurora_smoke_test.sh', {
    env: {
      AURORA_HOME: '/aurora',
      CLIENT: client,
      CLUSTER: 'c',
      ROLE: 'www-data',
      OBSERVERS: `127.0.0.1:1 127.0.0.1:${(observer.address() as AddressInfo).port}`,
      TIMEOUT: timeout,
    },
  })
const task = '1-www-data-devel-smoke_test-0-abc'
const runs = (path: string) => {
  if (path === '/j/task_ids/active')
    return JSON.stringify({ tasks: [{ task_id: '1-other-devel-smoke_test-0-x' }, { task_id: task }] })
  if (path === `/logs/${task}/say/0/stdout`) return '<script>$.getJSON("/logdata/…")</script>'
  return path === `/logdata/${task}/say/0/stdout?offset=0`
    ? JSON.stringify({ data: host.read('/word') })
    : undefined
}
const asked = () =>
  host
    .read('/asked')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(0, 2).join(' '))

it('runs a job, finds the slave whose observer knows it, and kills it', async () => {
  giveClient()
  answers = runs
  const ran = await smokeTest()
  expect(ran.exitCode, ran.output).toBe(0)
  expect(ran.output).toContain(
    `The cluster runs jobs: ${task} ran on 127.0.0.1, its output was read there, and it was killed.`,
  )
  expect(asked()).toEqual(['job inspect', 'job killall', 'job create', 'job killall'])
})

it.each([
  ['the job is invalid', { inspect: 3 }, /The client does not take the job \(it calls the job invalid\)/],
  ['no scheduler is reached', { create: 7 }, /\(it does not reach the scheduler\)[\s\S]*check-cluster/],
  [
    'the job does not run in time',
    { create: 9 },
    /The job does not run within 20 s \(it took too long\)[\s\S]*PENDING/,
  ],
])('says so where %s', async (_, statuses, words) => {
  giveClient(statuses)
  const ran = await smokeTest()
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toMatch(words)
})

it('kills the job though it failed', async () => {
  giveClient({ create: 4 })
  await smokeTest()
  expect(asked().slice(-2)).toEqual(['job create', 'job killall'])
})

it('does not wait for a client that hangs', async () => {
  giveClient()
  host.write(`/aurora/dist/${client}`, '#!/bin/sh\n[ "$2" != create ] || exec sleep 1000\n', 0o755)
  const ran = await smokeTest('1')
  expect(ran.output).toMatch(/The job does not run within 1 s \(it took too long\)/)
})
