import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { placeProgram } from '../../../lib/hosts/transfer/upload-programs.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { LocalFile } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'
import { until } from '../../rig/until.ts'
import { temporaryFolder } from '../sandbox/rig.ts'

let sshd: Sshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd?.stop())

const there = (path: string) => join(sshd.host.root, path)
const ours = (path: string) => there(join('/var/lib/aurora-mesosphere', path))

async function session() {
  const fleet = openFleet(sshd.cluster)
  onTestFinished(() => fleet.close())
  return fleet.session(sshd.host)
}

function local(size: number): LocalFile {
  const path = join(sshd.folder, `file-${size}`)
  const content = randomBytes(size)
  writeFileSync(path, content)
  return { path, digest: digestOf(content), size, executable: false }
}

/** As old as that many hours. */
function age(path: string, hours: number): void {
  const then = Date.now() / 1000 - hours * 3600
  utimesSync(path, then, then)
}

it('what was broken off more than a day ago is removed by the next run that works there, and nothing else', async () => {
  const broken = local(20_000_000)
  const cut = new AbortController()
  const onMoved = (bytes: number) => void (bytes > 0 && cut.abort())
  const upload = (await session()).upload([broken], '/opt', onMoved, cut.signal)
  await expect(upload).rejects.toThrow()
  await sshd.dropConnections()
  const part = `store/${broken.digest}.part`
  expect(existsSync(ours(part))).toBe(true)
  const old = [part, 'store/aaaa.copy', 'receipts/build.0123456789ab', 'jobs/.new.1.0123/env']
  // A start that is going on has scripts as old as the clock of who sent them says.
  const starting = 'jobs/.new.2.0123/scripts/build'
  const job = 'jobs/build.0123456789abcdef/.new.env'
  const kept = ['store/bbbb', 'store/cccc.part', 'receipts/build', job, starting]
  for (const path of [...old.slice(1), ...kept]) {
    mkdirSync(dirname(ours(path)), { recursive: true })
    writeFileSync(ours(path), 'half')
  }
  for (const path of [...old, ...kept, 'jobs/.new.1.0123']) age(ours(path), 25)
  age(ours('store/cccc.part'), 23)
  await (await session()).upload([local(1)], '/opt', () => {})
  expect(old.filter((path) => existsSync(ours(path)))).toEqual([])
  expect(kept.filter((path) => !existsSync(ours(path)))).toEqual([])
})

it('a copy that a host which died had not yet put in place is removed a day later by the next that is placed there', async () => {
  const file = local(2)
  const name = basename(file.path)
  const [copy, fresh] = [`/opt/[x]/.${name}.0123456789ab`, `/opt/[x]/.${name}.ba9876543210`]
  const others = [
    `.${name}.0123456789`,
    `.${name}.not-by-us-12`,
    `.another.0123456789ab`,
    `${name}.0123456789ab`,
  ]
  const kept = others.map((other) => `/opt/[x]/${other}`)
  mkdirSync(there('/opt/[x]'), { recursive: true })
  for (const path of [copy, fresh, ...kept]) {
    writeFileSync(there(path), 'half')
    age(there(path), path === fresh ? 23 : 25)
  }
  await (await session()).upload([file], '/opt/[x]', () => {})
  expect(existsSync(there(copy))).toBe(false)
  expect([fresh, ...kept].filter((path) => !existsSync(there(path)))).toEqual([])
})

/** The signal comes from sshd, where the user is not root. */
it('an upload that is interrupted while it is put in place leaves nothing there', async () => {
  const [state, target, bin] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
  const digest = digestOf('content')
  mkdirSync(join(state, 'store'))
  writeFileSync(join(state, 'store', digest), 'content')
  writeFileSync(join(bin, 'cp'), '#!/bin/sh\n/bin/cp "$@" && sleep 60\n', { mode: 0o755 })
  const placing = spawn('sh', ['-c', placeProgram, 'sh', state, target, '0123456789ab'], {
    detached: true,
    env: { PATH: `${bin}:/usr/bin:/bin` },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  placing.stdin.end(`${digest} 7 644\nfile\n`)
  const ended = once(placing, 'exit')
  await until(() => readdirSync(target).length > 0)
  process.kill(-placing.pid!, 'SIGTERM')
  expect(await ended).toEqual([143, null])
  expect(readdirSync(target)).toEqual([])
})
