import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Action } from '../../../lib/model/action.ts'
import type { Digest } from '../../../lib/model/digest.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Fleet, HostSession, ScriptJob } from '../../../lib/model/host-session.ts'
import type { Lease, LeaseOwner, TakenLease } from '../../../lib/model/lease.ts'
import type { TaskRecord } from '../../../lib/model/record.ts'
import { LeaseFolder } from '../../rig/lease-folder.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'
import { failureOf } from './contract.ts'

let sshd: Sshd
/** Of three operators. */
let fleets: Fleet[] = []
let sessions: HostSession[] = []
let leases: Lease[] = []

beforeAll(async () => {
  sshd = await startSshd()
  fleets = Array.from({ length: 3 }, () => openFleet(sshd.cluster))
  sessions = await Promise.all(fleets.map((fleet) => fleet.session(sshd.host)))
  leases = await Promise.all(fleets.map((fleet) => fleet.lease(sshd.host)))
})
beforeEach(() => {
  for (const folder of ['lease', 'fence', 'receipts', 'jobs']) empty(folder)
})
afterAll(async () => {
  await Promise.all(fleets.map((fleet) => fleet.close()))
  await sshd?.stop()
})

const state = (path: string) => join(sshd.host.root, 'var/lib/aurora-mesosphere', path)
const empty = (folder: string) => {
  rmSync(state(folder), { recursive: true, force: true })
  mkdirSync(state(folder), { recursive: true })
}
const letOwnerFallSilent = () => new LeaseFolder(sshd.host).age()
const owner = (run: string): LeaseOwner => ({
  who: `${run}@laptop`,
  pid: 4711,
  command: `run "start" \\n it's`,
  since: '2026-01-31T12:00:00.000Z',
  run,
})
const taken = async (lease: Lease, run: string, dead: string[] = []): Promise<TakenLease> => {
  const answer = await lease.take(owner(run), dead)
  if ('heldBy' in answer) throw new Error(`held by ${answer.heldBy.who}`)
  return answer
}

describe('the lease of a cluster', () => {
  it('goes to one of ten who want it at the same moment, and the others learn whose it is', async () => {
    const crowd = Array.from({ length: 10 }, () => openFleet(sshd.cluster))
    try {
      const all = await Promise.all(crowd.map((fleet) => fleet.lease(sshd.host)))
      const answers = await Promise.all(all.map((lease, index) => lease.take(owner(`run${index}`), [])))
      const winner = answers.findIndex((answer) => 'token' in answer)
      const times = { ageMs: expect.any(Number), silentMs: expect.any(Number) }
      const others = answers.filter((_, index) => index !== winner)
      expect(others).toEqual(others.map(() => ({ heldBy: { ...owner(`run${winner}`), ...times } })))
    } finally {
      await Promise.all(crowd.map((fleet) => fleet.close()))
    }
  })

  it('has a higher token each time that it is taken', async () => {
    const tokens: number[] = []
    for (const [index, lease] of leases.entries()) {
      tokens.push((await taken(lease, `run${index}`)).token)
      await lease.release()
    }
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b))
  })

  it('has a higher token also when the host was set up anew', async () => {
    const [ours, theirs] = leases as [Lease, Lease]
    const { token } = await taken(ours, 'ours')
    empty('lease')
    await until(() => Date.now() / 1000 > token + 1)
    expect((await taken(theirs, 'theirs')).token).toBeGreaterThan(token)
    expect(await ours.renew()).toMatchObject({ lost: true, to: owner('theirs') })
  })

  it('is free once it was given back', async () => {
    const [ours, theirs] = leases as [Lease, Lease]
    await taken(ours, 'ours')
    await ours.release()
    expect(await taken(theirs, 'theirs')).not.toHaveProperty('from')
  })

  it('is taken over from an owner of whom nothing was heard, who then learns it', async () => {
    const [ours, theirs] = leases as [Lease, Lease]
    const { token } = await taken(ours, 'ours')
    expect(await ours.renew()).toEqual({ lost: false })
    letOwnerFallSilent()
    const takenOver = await taken(theirs, 'theirs')
    expect(takenOver).toMatchObject({ from: owner('ours') })
    expect(takenOver.from!.silentMs).toBeGreaterThanOrEqual(60_000)
    expect(takenOver.token).toBeGreaterThan(token)
    expect(await ours.renew()).toMatchObject({ lost: true, to: owner('theirs') })
    expect(await theirs.renew()).toEqual({ lost: false })
  })

  it('stays with an owner who was heard of again', async () => {
    const [ours, theirs] = leases as [Lease, Lease]
    await taken(ours, 'ours')
    letOwnerFallSilent()
    await ours.renew()
    expect(await theirs.take(owner('theirs'), [])).toMatchObject({ heldBy: { run: 'ours' } })
  })

  it('is not given back by whoever has lost it', async () => {
    const [ours, theirs, others] = leases as [Lease, Lease, Lease]
    await taken(ours, 'ours')
    letOwnerFallSilent()
    await taken(theirs, 'theirs')
    await ours.release()
    expect(await others.take(owner('others'), [])).toMatchObject({ heldBy: { run: 'theirs' } })
  })

  it('is taken over at once from a run that is known to have died', async () => {
    const [dead, ours] = leases as [Lease, Lease]
    await taken(dead, 'dead')
    expect(await taken(ours, 'ours', ['other', 'dead'])).toMatchObject({ from: { run: 'dead' } })
  })

  it('is taken again by an owner who never got the answer', async () => {
    const [ours] = leases as [Lease]
    const { token } = await taken(ours, 'ours')
    expect((await taken(ours, 'ours')).token).toBeGreaterThan(token)
  })

  it('is nobody’s where a loss of power tore what says whose it is', async () => {
    const [ours, theirs] = leases as [Lease, Lease]
    await taken(ours, 'ours')
    writeFileSync(state('lease/1'), '')
    expect(await taken(theirs, 'theirs')).not.toHaveProperty('from')
  })

  it('keeps no file of earlier owners', async () => {
    for (const [index, lease] of leases.entries()) {
      await taken(lease, `run${index}`)
      if (index < 2) await lease.release()
    }
    expect(new LeaseFolder(sshd.host).files).toEqual(['3', '3.beat'])
  })
})

describe('a host that has seen a later owner', () => {
  const content = Buffer.from('new')
  const key = digestOf('key') as Digest
  const record = { schema: 1, task: 'a', key, action: {} as Action, outputs: {} } as unknown as TaskRecord
  const job = (script: string): ScriptJob => {
    writeFileSync(join(sshd.folder, 'a.sh'), script)
    return {
      task: 'a',
      key,
      script: 'a.sh',
      files: { 'a.sh': join(sshd.folder, 'a.sh') },
      args: [],
      env: {},
      nth: 0,
      signal: new AbortController().signal,
      onOutput() {},
    }
  }
  const file = () => {
    const path = join(sshd.folder, 'file')
    writeFileSync(path, content)
    return { path, digest: digestOf(content), size: content.length, executable: false }
  }

  /** Two who have taken the lease one after the other; the later one has done something on the host. */
  const earlierAndLater = async () => {
    const [before, after] = sessions as [HostSession, HostSession]
    await taken(leases[0]!, 'earlier')
    await before.writeReceipt(record)
    letOwnerFallSilent()
    await taken(leases[1]!, 'later')
    await after.exec(['true'], { writes: true })
    return { before, after }
  }
  const receipt = () => readFileSync(state('receipts/a'), 'utf8')

  it('refuses the earlier one’s uploads, scripts, commands and receipts, and nothing is changed', async () => {
    const { before } = await earlierAndLater()
    const stood = receipt()
    const there = join(sshd.host.root, 'srv')
    const fenced = { kind: 'fenced', host: 'host-1' }
    expect(await failureOf(before.upload([file()], '/srv', () => {}))).toEqual(fenced)
    expect(await failureOf(before.runScript(job(`mkdir -p ${there}`)))).toEqual(fenced)
    expect(await failureOf(before.exec(['mkdir', '-p', there], { writes: true }))).toEqual(fenced)
    expect(await failureOf(before.writeReceipt({ ...record, key: digestOf('other') }))).toEqual(fenced)
    expect(await failureOf(before.removeReceipt('a'))).toEqual(fenced)
    expect(existsSync(there)).toBe(false)
    expect(receipt()).toBe(stood)
  })

  it('goes on obeying the later one, and lets the earlier one look', async () => {
    const { before, after } = await earlierAndLater()
    await failureOf(before.removeReceipt('a'))
    await after.upload([file()], '/srv', () => {})
    await after.runScript(job('echo well'))
    await after.writeReceipt(record)
    expect(await before.check({ task: 'a', facts: {}, verify: 'full' })).toMatchObject({ receipt: { key } })
    expect((await before.exec(['cat', join(sshd.host.root, 'srv/file')])).stdout).toBe('new')
  })

  it('lets a job that runs there be, whoever wants it ended', async () => {
    const [before, after] = sessions as [HostSession, HostSession]
    await taken(leases[0]!, 'earlier')
    const stop = new AbortController()
    const flag = join(sshd.folder, 'go-on')
    rmSync(flag, { force: true })
    const script = `echo begun; while [ ! -e ${flag} ]; do sleep 0.05; done; echo over`
    let said = ''
    const running = before.runScript({
      ...job(script),
      signal: stop.signal,
      onOutput: (_, text) => (said += text),
    })
    await until(() => said.includes('begun'))
    letOwnerFallSilent()
    await taken(leases[1]!, 'later')
    await after.exec(['true'], { writes: true })
    stop.abort('SIGINT')
    await expect(running).rejects.toThrow('SIGINT')
    let followed = ''
    const following = after.runScript({ ...job(script), onOutput: (_, text) => (followed += text) })
    await until(() => followed.includes('begun'))
    writeFileSync(flag, '')
    await following
    expect(said).toBe('begun\n')
    expect(followed).toContain('begun\nover\n')
  })

  it('has a command’s own exit code told as its own', async () => {
    const [session] = sessions as [HostSession]
    await taken(leases[0]!, 'ours')
    expect(await session.exec(['sh', '-c', 'exit 76'], { writes: true })).toMatchObject({ exitCode: 76 })
    expect((await session.exec(['printf', '%s|', "it's", '', '-n'], { writes: true })).stdout).toBe(
      "it's||-n|",
    )
  })
})
