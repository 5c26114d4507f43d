import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { ScriptJob } from '../../../lib/model/host-session.ts'
import { explain } from '../../../lib/report/words/explained.ts'
import { failureInWords } from '../../../lib/report/words/failure.ts'
import { cutOff, hasFirewall } from '../../rig/firewall.ts'
import { hostOfProgram } from '../../rig/host-of-program.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'
import { failureOf } from './contract.ts'

// A peer that says nothing is given up after three unanswered questions, five seconds apart.
vi.setConfig({ testTimeout: 120_000 })

let here: string
let sshd: Sshd

beforeAll(async () => {
  here = mkdtempSync(join(tmpdir(), 'cut-'))
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd?.stop()
  rmSync(here, { recursive: true, force: true })
})

const there = (path: string) => join(sshd.host.root, path)
const startsOf = (name: string) => readFileSync(there(`${name}.starts`), 'utf8')

/** Follows a script, over a connection of its own, that waits for a file `go` after its first line. */
async function follow(name: string) {
  const fleet = openFleet(sshd.cluster)
  const script = join(here, `${name}.sh`)
  writeFileSync(
    script,
    `echo start >>"$ROOT/${name}.starts"; echo one
     while [ ! -e "$ROOT/${name}.go" ]; do sleep 0.05; done
     echo two; touch "$ROOT/${name}.ended"`,
  )
  let heard = ''
  const job: ScriptJob = {
    task: name,
    key: digestOf(name),
    script: 'work.sh',
    files: { 'work.sh': script },
    args: [],
    env: {},
    nth: 0,
    signal: new AbortController().signal,
    onOutput: (stream, text) => stream === 'stdout' && (heard += text),
  }
  const session = await fleet.session(sshd.host)
  const ended = session.runScript(job).finally(() => fleet.close())
  ended.catch(() => {})
  return {
    ended,
    heard: () => heard,
    says: (text: string) => until(() => heard.includes(text)),
  }
}

/** Lets a script come to its end, whoever knows of it. */
async function letEnd(name: string): Promise<void> {
  writeFileSync(there(`${name}.go`), '')
  await until(() => existsSync(there(`${name}.ended`)))
}

it('a script is followed on over a new connection when the other end of the first one froze', async () => {
  const { ended, heard, says } = await follow('frozen')
  await says('one')
  await sshd.freezeConnections()
  await letEnd('frozen')
  await ended
  expect(heard()).toBe('one\ntwo\n')
  expect(startsOf('frozen')).toBe('start\n')
})

it.runIf(hasFirewall)(
  'a script goes on while the network is cut, and is followed on when it is back',
  async () => {
    const { ended, heard, says } = await follow('cut')
    await says('one')
    const mend = cutOff(sshd.port, 'DROP')
    await letEnd('cut')
    mend()
    await ended
    expect(heard()).toBe('one\ntwo\n')
    expect(startsOf('cut')).toBe('start\n')
  },
)

it.runIf(hasFirewall)(
  'where it stays cut, the failure says that the script goes on, and the next run follows it',
  async () => {
    const first = await follow('lost')
    await first.says('one')
    const mend = cutOff(sshd.port, 'REJECT')
    const failure = await failureOf(first.ended)
    expect(failure).toMatchObject({ kind: 'unreachable', host: 'host-1', job: 'work.sh' })
    expect(explain(failureInWords(failure))).toContain(
      'unless it is down, `work.sh` goes on there, and is followed',
    )
    mend()
    const second = await follow('lost')
    await second.says('one')
    await letEnd('lost')
    await second.ended
    expect(startsOf('lost')).toBe('start\n')
  },
)

it.runIf(hasFirewall)(
  'a laptop that is closed while the network is cut does no harm: the next run goes on from where its log stood',
  async () => {
    const { sshd, workspace, there } = await hostOfProgram(`await host.script('work.sh', { env })`, {
      'work.sh': `
        echo start >>"$FOLDER/starts"; echo one
        while [ ! -e "$FOLDER/go" ]; do sleep 0.05; done
        echo two; touch "$FOLDER/ended"
      `,
    })
    const first = workspace.start(['run', 'work'])
    await first.printed('│ one\n')
    const mend = cutOff(sshd.port, 'DROP')
    writeFileSync(there('go'), '')
    await until(() => existsSync(there('ended')))
    first.child.kill('SIGHUP')
    expect((await first.ended).exitCode).toBe(129)
    mend()
    const second = await workspace.run('run', 'work')
    expect(second.exitCode).toBe(0)
    expect(second.stdout).not.toContain('│ one\n')
    expect(second.stdout).toContain('│ two\n')
    expect(readFileSync(there('starts'), 'utf8')).toBe('start\n')
  },
)
