import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Fleet } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { failureOf } from './contract.ts'

let sshd: Sshd
let fleet: Fleet

/** As a `.bashrc` does that a tool has added something to. */
const chatterOf = (first: string) =>
  `ForceCommand ${first}; case "$SSH_ORIGINAL_COMMAND" in internal-sftp) exec /usr/lib/openssh/sftp-server ;; *) eval "$SSH_ORIGINAL_COMMAND" ;; esac`

beforeAll(async () => {
  sshd = await startSshd([chatterOf('echo rehashing >&2; sleep 0.1; echo "cannot rehash" >&2')])
  fleet = openFleet(sshd.cluster)
})
afterAll(async () => {
  await fleet?.close()
  await sshd?.stop()
})

it('a login shell that says something on stderr does not disturb a script', async () => {
  const script = join(sshd.folder, 'slow.sh')
  writeFileSync(script, 'for number in 1 2 3; do sleep 0.1; echo $number; done\nexit $CODE\n')
  const session = await fleet.session(sshd.host)
  const run = async (CODE: string) => {
    let said = ''
    const ended = await session
      .runScript({
        task: 'slow',
        key: digestOf(CODE),
        script: 'slow.sh',
        files: { 'slow.sh': script },
        args: [],
        env: { CODE },
        nth: 0,
        signal: new AbortController().signal,
        onOutput: (_, text) => (said += text),
      })
      .then(
        () => 0,
        ({ failure }) => failure.exitCode,
      )
    return { said, ended }
  }
  expect(await run('0')).toEqual({ said: '1\n2\n3\n', ended: 0 })
  expect(await run('7')).toEqual({ said: '1\n2\n3\n', ended: 7 })
})

it('one that says something on stdout is refused, and it is told what', async () => {
  const greeting = await startSshd([chatterOf('echo Welcome')])
  const its = openFleet(greeting.cluster)
  onTestFinished(async () => {
    await its.close()
    await greeting.stop()
  })
  const session = await its.session(greeting.host)
  const refused = {
    kind: 'refused',
    problem: 'The login shell on host-1 prints something of its own before what a command does: `Welcome`.',
  }
  expect(await failureOf(session.check({ facts: {}, verify: 'fast' }))).toMatchObject(refused)
  expect(await failureOf(session.examine([]) as Promise<unknown>)).toMatchObject(refused)
})
