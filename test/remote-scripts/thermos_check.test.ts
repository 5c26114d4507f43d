import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'

let host: HostFolder
beforeEach(() => {
  host = new HostFolder()
  host.write('/etc/mesos-slave/port', '1\n')
})
afterEach(() => host.remove())

const executors = '/var/lib/executors'
const check = (env: Record<string, string> = {}) =>
  host.run('thermos_check.sh', {
    env: { EXECUTORS: executors, PORT: '1', ROLE: 'root', SLAVE_ROOT: '/tmp/mesos', PUBLISHED: '', ...env },
  })

it('names everything that is wrong, with what to do, and fails', async () => {
  const ran = await check({ ROLE: 'nobody-here' })
  expect(ran.exitCode).toBe(1)
  const wrong = [...ran.output.matchAll(/^WRONG {2}(.*)\n {7}(\S.*)$/gm)].map(([, sentence]) => sentence)
  expect(wrong).toEqual([
    'the Mesos slave answers',
    'clients look for sandboxes where it keeps them, in /tmp/mesos',
    'the runner is inside the executor',
    'the executor starts, with all that it links',
    'there is a user nobody-here',
    'the observer is kept running',
    'the observer answers',
  ])
  expect(ran.output).toContain('This slave: 7 of the things above are wrong.')
})

it('sees what was damaged after it was brought', async () => {
  host.write(`${executors}/current/SHA256SUMS`, `${'0'.repeat(64)}  gc_executor.pex\n`)
  host.write(`${executors}/current/gc_executor.pex`, 'damaged', 0o755)
  expect((await check()).output).toContain('WRONG  gc_executor.pex is what was built, and a program')
})

it("asks the store for the executor where Mesos' fetcher brings it", async () => {
  const uri = 'http://127.0.0.1:1/thermos_executor.pex'
  const { output } = await check({ PUBLISHED: uri })
  expect(output).toContain(`WRONG  the executor is to be had at ${uri}`)
  expect(output).not.toContain('the runner is inside the executor')
})
