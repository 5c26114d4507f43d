import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { examineHosts } from '../../../lib/cli/doctor/examine-hosts.ts'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { diagnosisInBrief, diagnosisInWords } from '../../../lib/report/words/diagnosis.ts'
import { isRoot, smallDisk } from '../../rig/small-disk.ts'
import { startSshd } from '../../rig/sshd.ts'
import { temporaryFolder } from '../sandbox/rig.ts'

/** A host on which programs of these names are such scripts. */
async function hostWith(scripts: Record<string, string> = {}) {
  const bin = temporaryFolder()
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const sshd = await startSshd([`SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin`])
  onTestFinished(() => sshd.stop())
  const there = (path: string) => join(sshd.host.root, 'var/lib/aurora-mesosphere', path)
  const examined = async (check: string) => {
    const fleet = openFleet(sshd.cluster)
    const diagnoses = await examineHosts(fleet, {})
    await fleet.close()
    const found = diagnoses.find((one) => one.check === check)!
    return { state: found.state, brief: diagnosisInBrief(found), ...diagnosisInWords(found.finding) }
  }
  return { there, examined }
}

it('a clock that is an hour ahead is told, and one that is right is right', async () => {
  const { examined } = await hostWith({ date: 'exec /bin/date -d "+1 hour" "$@"' })
  expect(await examined('clock')).toMatchObject({
    state: 'warn',
    brief: '! +1 h',
    what: expect.stringMatching(/^its clock is 1 h ahead of/),
    next: expect.stringContaining('NTP'),
  })
  expect(await (await hostWith()).examined('clock')).toMatchObject({ state: 'ok', brief: 'right' })
})

it('who may not use sudo can change only what is their own', async () => {
  const { examined } = await hostWith({
    id: 'case $1 in -u) echo 1000 ;; *) echo anna ;; esac',
    sudo: 'exit 1',
  })
  expect(await examined('sudo')).toMatchObject({
    state: 'warn',
    brief: '! no',
    what: expect.stringContaining('`anna` may not use sudo without a password'),
  })
})

it.runIf(isRoot)(
  'who logs in as another user than the host was deployed to by is told so, as by a run',
  async () => {
    const { there, examined } = await hostWith({ id: 'case $1 in -u) echo 1000 ;; *) echo maria ;; esac' })
    await mkdir(there('receipts'), { recursive: true })
    expect(await examined('login')).toMatchObject({ state: 'ok' })
    smallDisk(there('receipts'), { bytes: 4096, readOnly: true })
    expect(await examined('login')).toMatchObject({
      state: 'bad',
      brief: '✗ refused',
      what: expect.stringContaining('host-1 is deployed to as `root`'),
      next: expect.stringContaining('user: root'),
    })
  },
)

it.runIf(isRoot)('who may neither use sudo nor write our folder can do nothing', async () => {
  const { there, examined } = await hostWith({ id: 'echo 1000', sudo: 'exit 1' })
  smallDisk(there('.'), { bytes: 4096, readOnly: true })
  expect(await examined('sudo')).toMatchObject({
    state: 'bad',
    what: expect.stringContaining(`nor write \`${there('.')}\``),
    next: expect.stringContaining('NOPASSWD'),
  })
})

it.runIf(isRoot)('a disk with little space, or room for few files, is told', async () => {
  const { there, examined } = await hostWith()
  const change = smallDisk(there('.'), { bytes: 1e9, files: 1e6 })
  expect(await examined('space')).toMatchObject({ state: 'warn', brief: '! 1.0 GB' })
  change({ bytes: 50e6, files: 1e6 })
  expect(await examined('space')).toMatchObject({
    state: 'bad',
    what: expect.stringMatching(/^50\.0 MB are free for `.*aurora-mesosphere`/),
  })
  change({ bytes: 50e9, files: 50 })
  expect(await examined('space')).toMatchObject({
    state: 'bad',
    what: expect.stringMatching(/ and room for \d\d files are free for /),
  })
})

it('what was broken off long ago is told by its path, and what may still be worked on is not', async () => {
  const { there, examined } = await hostWith()
  expect(await examined('leftovers')).toMatchObject({ state: 'ok', brief: 'none' })
  const old = [
    'store/aaaa.part',
    'store/dddd.copy',
    'receipts/build.0123456789ab',
    'jobs/.new.0123/env',
    'jobs/.old.0123/env',
  ]
  const kept = ['store/bbbb', 'receipts/build', 'jobs/build.0123456789abcdef/env']
  for (const path of ['store/cccc.part', ...kept, ...old]) {
    await mkdir(dirname(there(path)), { recursive: true })
    await writeFile(there(path), 'half')
  }
  for (const path of [...old, 'jobs/.new.0123', 'jobs/.old.0123', ...kept]) await utimes(there(path), 0, 0)
  const { state, what, detail } = await examined('leftovers')
  expect({ state, what }).toEqual({ state: 'warn', what: expect.stringMatching(/^5 leftovers of transfers/) })
  expect(detail!.split('\n').sort()).toEqual(
    ['jobs/.new.0123', 'jobs/.old.0123', ...old.slice(0, 3)].sort().map(there),
  )
})
