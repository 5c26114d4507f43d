import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Failed } from '../../lib/index.ts'
import { configSchema } from '../../tasks/config.ts'
import { readSlaveRoot, slaveRootFact } from '../../tasks/hosts/slave-root.ts'
import { HostFolder } from '../rig/host-folder.ts'

let host: HostFolder
beforeEach(() => {
  host = new HostFolder()
})
afterEach(() => host.remove())

/** What the slave says, as the engine asks it. */
async function asked(): Promise<{ status: number; said: string }> {
  const child = spawn('sh', ['-c', slaveRootFact.slaveRoots.command], {
    env: { PATH: process.env.PATH, ROOT: host.root },
  })
  const [said, [status]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { status, said: said.trim() }
}

/** Writes where the slave's Mesos would listen, and has it listen for as long as it takes to ask. */
async function askedWhileRunning(state: string): ReturnType<typeof asked> {
  const mesos = createServer(({ url }, response) => {
    response.writeHead(url === '/slave(1)/state.json' ? 200 : 404).end(state)
  }).listen(0, '127.0.0.1')
  await once(mesos, 'listening')
  host.write('/etc/mesos-slave/port', `${(mesos.address() as AddressInfo).port}\n`)
  const answer = await asked()
  await once(mesos.close(), 'close')
  return answer
}

it('is what the running Mesos says, which writes slashes its own way', async () => {
  host.write('/etc/mesos-slave/work_dir', '/elsewhere\n')
  const state = '{"flags":{"port":"5051","work_dir":"\\/mnt\\/mesos"},"version":"0.20.1"}'
  expect(await askedWhileRunning(state)).toEqual({ status: 0, said: '/mnt/mesos' })
})

it('is what Mesos was told where it does not run', async () => {
  host.write('/etc/mesos-slave/port', '1\n')
  host.write('/etc/mesos-slave/work_dir', '/var/lib/mesos\n')
  expect(await asked()).toEqual({ status: 0, said: '/var/lib/mesos' })
})

it('is not guessed', async () => {
  host.write('/etc/mesos-slave/port', '1\n')
  expect((await asked()).status).not.toBe(0)
})

const config = configSchema.parse({ aurora: { sha256: 'a'.repeat(64) } })

it('is the same for clients whichever slave they ask; a slave that does not say has no vote', () => {
  expect(readSlaveRoot(config, ['/tmp/mesos', null])).toBe('/tmp/mesos')
  expect(refusal(() => readSlaveRoot(config, ['/tmp/mesos', '/var/lib/mesos']))).toMatch(
    /not have one work_dir/,
  )
  expect(refusal(() => readSlaveRoot(config, null))).toMatch(/No slave says where its work_dir is/)
})

function refusal(attempt: () => unknown): string {
  try {
    attempt()
  } catch (error) {
    const { failure } = error as Failed
    return failure.kind === 'refused' ? failure.problem : failure.kind
  }
  return 'nothing was refused'
}
