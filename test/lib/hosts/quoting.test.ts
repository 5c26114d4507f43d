import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Fleet, HostSession } from '../../../lib/model/host-session.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'

/** What shells make something of, and whatever else a word may hold. */
const word = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[- '"`$\\!*?~#&|;<>(){}[\]=%^\n\t\r-]*$/),
    fc.constantFrom(
      '-n',
      '--',
      '-e',
      '$(touch /tmp/pwned)',
      '`id`',
      "'; id; '",
      '~root',
      'ünïcödé 漢字',
      'a\rb\\c',
      '',
    ),
  )
  .map((text) => text.replaceAll('\0', ''))

const fileName = word
  .map((text) =>
    Buffer.from(text.replaceAll(/[/\n]/g, '_')).subarray(0, 200).toString().replaceAll('\ufffd', '_'),
  )
  .filter((name) => !['', '.', '..'].includes(name))

/** Lets a shell of our choice read the command line, as it does for a user whose login shell it is. */
const readBy = (shell: string) =>
  `ForceCommand case "$SSH_ORIGINAL_COMMAND" in internal-sftp) exec /usr/lib/openssh/sftp-server ;; *) exec ${shell} -c "$SSH_ORIGINAL_COMMAND" ;; esac`

describe.each(['dash', 'bash', 'fish', 'tcsh'])('through a real sshd and %s', (shell) => {
  let sshd: Sshd
  let fleet: Fleet
  let session: HostSession
  let here: string

  beforeAll(async () => {
    here = mkdtempSync(join(tmpdir(), 'quoting-'))
    sshd = await startSshd([readBy(shell)])
    fleet = openFleet(sshd.cluster)
    session = await fleet.session(sshd.host)
  })
  afterAll(async () => {
    await fleet?.close()
    await sshd?.stop()
    rmSync(here, { recursive: true, force: true })
  })

  it('a command gets the very words that it was given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 20 }), async (words) => {
        const { stdout } = await session.exec(['printf', '%s\\0', '', ...words])
        expect(stdout.split('\0').slice(0, -1)).toEqual(['', ...words])
      }),
      { numRuns: 20, endOnFailure: true },
    )
  })

  it('so does a script, whose environment holds the very values', async () => {
    const script = join(here, 'print.sh')
    writeFileSync(script, 'printf "%s\\0" "$@" "$ONE" "$TWO" >"$ROOT/printed"\n')
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), word, word, async (args, ONE, TWO) => {
        await session.runScript({
          task: 'print',
          key: digestOf('print'),
          script: 'print.sh',
          files: { 'print.sh': script },
          args,
          env: { ONE, TWO },
          nth: 0,
          signal: new AbortController().signal,
          onOutput() {},
        })
        await session.settleJobs('print')
        const printed = readFileSync(join(sshd.host.root, 'printed'), 'utf8')
        expect(printed.split('\0').slice(0, -1)).toEqual([...args, ONE, TWO])
      }),
      { numRuns: 4, endOnFailure: true },
    )
  })

  it('files go there and come back under their very names, in folders of any name', async () => {
    const names = fc.uniqueArray(fileName, { minLength: 4, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(names, fileName, async (names, folder) => {
        const [from, back] = [mkdtempSync(join(here, 'from-')), mkdtempSync(join(here, 'back-'))]
        const files = names.map((name) => {
          const path = join(from, name)
          writeFileSync(path, name)
          return { path, digest: digestOf(name), size: Buffer.byteLength(name), executable: false }
        })
        const [odd, plain] = [`/odd/${folder}`, '/plain']
        for (const dir of [odd, plain]) await session.upload(files, dir, () => {})
        await session.download([plain], back, () => {})
        expect(readdirSync(join(sshd.host.root, odd)).sort()).toEqual([...names].sort())
        expect(readdirSync(back).sort()).toEqual([...names].sort())
        expect((await session.read(`${odd}/${names[0]}`)).toString()).toBe(names[0])
        for (const dir of ['odd', 'plain']) rmSync(join(sshd.host.root, dir), { recursive: true })
      }),
      { numRuns: 2, endOnFailure: true },
    )
  })
})
