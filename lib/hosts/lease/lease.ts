import type { HeldLease, Lease, LeaseOwner } from '../../model/lease.ts'
import type { Remote } from '../remote/remote.ts'
import { mustRun } from '../remote/remote.ts'
import { ensureStateFolder } from '../remote/state-folder.ts'
import { releaseProgram, renewProgram, takeProgram } from './lease-programs.ts'

/** The lease that a host keeps. */
export function leaseOn(remote: Remote): Lease {
  let run = ''
  const ask = async (what: string, program: string, ...args: string[]) => {
    const { stdout } = await mustRun(remote, what, program, [remote.state, run, ...args], { patience })
    return stdout.toString().trim().split('\n')
  }
  return {
    async take(owner, dead) {
      run = owner.run
      await ensureStateFolder(remote)
      const lines = await ask('take the lease', takeProgram, JSON.stringify(owner), dead.join(' '))
      const heldBy = holderIn(lines, 'held')
      if (heldBy) return { heldBy }
      const from = holderIn(lines, 'from')
      const [, token, free] = wordsOf(lines, 'taken')
      remote.hold.token = Number(token)
      return { token: Number(token), freeMs: Number(free) * 1000, ...(from && { from }) }
    },
    async renew() {
      const lines = await ask('renew the lease', renewProgram)
      if (lines.includes('kept')) return { lost: false }
      return { lost: true, to: holderIn(lines, 'lost') }
    },
    async release() {
      await ask('give the lease back', releaseProgram)
    },
  }
}

/** Milliseconds without a word from the host. */
const patience = 20_000

function wordsOf(lines: string[], first: string): string[] {
  return lines.find((line) => line.startsWith(`${first} `))?.split(' ') ?? []
}

function holderIn(lines: string[], first: string): HeldLease | undefined {
  const [, age, silence, ...owner] = wordsOf(lines, first)
  const text = owner.join(' ')
  // The machine may have lost its power before the file was on the disk.
  if (text === '') return undefined
  const { who, pid, command, since, run } = JSON.parse(text) as LeaseOwner
  return { who, pid, command, since, run, ageMs: Number(age) * 1000, silentMs: Number(silence) * 1000 }
}
