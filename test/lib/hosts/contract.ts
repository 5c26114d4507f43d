import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { arch, machine, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import type { Action } from '../../../lib/model/action.ts'
import type { Cluster } from '../../../lib/model/cluster.ts'
import { digestOf } from '../../../lib/model/digest.ts'
import type { Failure } from '../../../lib/model/failure.ts'
import { Failed } from '../../../lib/model/failure.ts'
import type { Host } from '../../../lib/model/host.ts'
import type { Fleet, HostSession, LocalFile, ScriptJob } from '../../../lib/model/host-session.ts'
import type { TaskRecord } from '../../../lib/model/record.ts'

/** An SSH server whose host has a folder of this machine as its root. */
export interface ContractRig {
  cluster: Cluster
  host: Host
  /** Breaks the connections that stand; new ones are admitted. */
  dropConnections(): Promise<void>
  /** What the server ran so far, where it can tell. */
  commands?(): string[]
  stop(): Promise<void>
}

/** What every host session promises, whatever server is at the other end. */
export function hostContract(name: string, start: () => Promise<ContractRig>): void {
  describe(`a host session with ${name}`, () => {
    let rig: ContractRig
    let here: string
    const fleets: Fleet[] = []
    let session: HostSession

    /** A connection of its own to the host. */
    const another = () => {
      const fleet = openFleet(rig.cluster)
      fleets.push(fleet)
      return fleet.session(rig.host)
    }
    const there = (path: string) => join(rig.host.root, path)
    const digestAt = async (path: string) => digestOf(await readFile(path))
    const put = async (path: string, content: string | Buffer, mode = 0o644) => {
      await mkdir(join(there(path), '..'), { recursive: true })
      await writeFile(there(path), content, { mode })
    }

    beforeAll(async () => {
      rig = await start()
      here = await mkdtemp(join(tmpdir(), 'contract-'))
      session = await another()
    })
    afterAll(async () => {
      await Promise.all(fleets.map((fleet) => fleet.close()))
      await rig?.stop()
      await rm(here, { recursive: true, force: true })
    })

    describe('runs commands', () => {
      it('gives exit code, stdout and stderr', async () => {
        const { exitCode, stdout, stderr } = await session.exec([
          'sh',
          '-c',
          'echo out; echo err >&2; exit 3',
        ])
        expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
      })

      it('passes arguments as they are', async () => {
        const words = ['two words', "it's", '$HOME', '`id`', '*', '', '\\', '"', 'a\nb', '!', '~', 'ü']
        const { stdout } = await session.exec(['printf', '%s\\0', ...words])
        expect(stdout.split('\0').slice(0, -1)).toEqual(words)
      })

      it('gives them what they read', async () => {
        expect((await session.exec(['wc', '-c'], { input: Buffer.alloc(300_000) })).stdout.trim()).toBe(
          '300000',
        )
      })

      it('reads all of a large output', async () => {
        expect((await session.exec(['head', '-c', '5000000', '/dev/zero'])).stdout).toHaveLength(5_000_000)
      })

      it('says which signal ended a command', async () => {
        expect(await session.exec(['sh', '-c', 'kill -KILL $$'])).toMatchObject({
          exitCode: null,
          signal: 'SIGKILL',
        })
      })

      it('gives up a command when its signal is aborted', async () => {
        const stop = new AbortController()
        const endless = session.exec(chatter, { signal: stop.signal })
        stop.abort('SIGINT')
        await expect(endless).rejects.toThrow('SIGINT')
        expect((await session.exec(['echo', 'still here'])).stdout).toBe('still here\n')
      })

      it('runs more at a time than a server admits sessions', async () => {
        const all = Array.from({ length: 15 }, (_, index) => session.exec(['echo', `${index}`]))
        const outputs = (await Promise.all(all)).map(({ stdout }) => stdout.trim())
        expect(outputs).toEqual(Array.from({ length: 15 }, (_, index) => `${index}`))
      })

      it('knows the root of its host', async () => {
        expect((await session.exec(['sh', '-c', 'printf %s "$ROOT"'])).stdout).toBe(rig.host.root)
      })

      it('reads a file under the root', async () => {
        const bytes = randomBytes(1000)
        await put('/srv/some file', bytes)
        expect(await session.read('/srv/some file')).toEqual(bytes)
      })

      it('fails to read what is not there', async () => {
        expect(await failureOf(session.read('/srv/absent'))).toMatchObject({ kind: 'command', exitCode: 1 })
      })
    })

    describe('uploads', () => {
      const local = async (name: string, content: Buffer, mode = 0o644): Promise<LocalFile> => {
        const path = join(here, name)
        await writeFile(path, content, { mode })
        const isPrivate = (mode & 0o077) === 0
        const file = { path, digest: digestOf(content), size: content.length, executable: mode === 0o755 }
        return { ...file, ...(isPrivate && { isPrivate }) }
      }
      const bytesSent = async (files: LocalFile[], dir: string) => {
        let sent = 0
        await session.upload(files, dir, (done) => (sent = done))
        return sent
      }

      it('files that arrive as they are, with their modes', async () => {
        const big = await local('big.tar', randomBytes(3_000_000))
        const tool = await local('a tool', Buffer.from('#!/bin/sh\n'), 0o755)
        const empty = await local('empty', Buffer.alloc(0))
        expect(await bytesSent([big, tool, empty], '/opt/new/place')).toBe(big.size + tool.size)
        expect(await digestAt(there('/opt/new/place/big.tar'))).toBe(big.digest)
        expect((await stat(there('/opt/new/place/a tool'))).mode & 0o777).toBe(0o755)
        expect((await stat(there('/opt/new/place/big.tar'))).mode & 0o777).toBe(0o644)
        expect((await stat(there('/opt/new/place/empty'))).size).toBe(0)
      })

      it('nothing that the host has by digest, whatever its name', async () => {
        const content = randomBytes(200_000)
        expect(await bytesSent([await local('once', content)], '/opt/a')).toBe(200_000)
        expect(await bytesSent([await local('once', content)], '/opt/a')).toBe(0)
        expect(await bytesSent([await local('twice', content)], '/opt/b')).toBe(0)
        expect(await digestAt(there('/opt/b/twice'))).toBe(digestOf(content))
      })

      it('large files to several places, each with a mode and a content of its own', async () => {
        const content = randomBytes(2_000_000)
        await bytesSent([await local('first', content)], '/opt/j')
        await bytesSent([await local('second', content, 0o755)], '/opt/j')
        expect((await stat(there('/opt/j/first'))).mode & 0o777).toBe(0o644)
        expect((await stat(there('/opt/j/second'))).mode & 0o777).toBe(0o755)
        for (const edited of ['first', 'second']) {
          await session.exec(['sh', '-c', 'echo edited >>"$1"', 'sh', there(`/opt/j/${edited}`)])
          await bytesSent([await local('third', content)], '/opt/j')
          expect(await digestAt(there('/opt/j/third'))).toBe(digestOf(content))
        }
      })

      it('a large file that counts as what it is, when something changes it there afterwards', async () => {
        const file = await local('large', randomBytes(2_000_000))
        await bytesSent([file], '/opt/k')
        const { path: _, ...sent } = file
        expect(await session.digest(['/opt/k'])).toEqual({ '/opt/k/large': sent })
        const change = 'printf x | dd of="$1" bs=1 seek=9 conv=notrunc && touch -d 2001-01-01 "$1"'
        await session.exec(['sh', '-c', change, 'sh', there('/opt/k/large')])
        const digest = await digestAt(there('/opt/k/large'))
        expect(digest).not.toBe(file.digest)
        for (const pattern of ['/opt/k', '/opt/k/large'])
          expect(await session.digest([pattern])).toEqual({ '/opt/k/large': { ...sent, digest } })
      })

      it('a large file that does not count any more when a folder is in its place, or nothing', async () => {
        const file = await local('brief', randomBytes(2_000_000))
        const { path: _, ...sent } = file
        const place = '/opt/brief/brief'
        await bytesSent([file], '/opt/brief')
        expect(await session.digest([place])).toEqual({ [place]: sent })
        const become = 'mv "$1" "$1.moved" && mkdir "$1" && mv "$1.moved" "$1/brief"'
        await session.exec(['sh', '-c', become, 'sh', there(place)])
        expect(await session.digest([place])).toEqual({ [`${place}/brief`]: sent })
        await session.exec(['rm', '-r', there(place)])
        expect(await session.digest([place])).toEqual({})
      })

      it('a large file whose name is a glob, which still stands for all that it matches', async () => {
        const files = [await local('*.tar', randomBytes(2_000_000)), await local('other.tar', randomBytes(5))]
        await bytesSent(files, '/opt/glob')
        const found = Object.keys(await session.digest(['/opt/glob/*.tar']))
        expect(found).toEqual(['/opt/glob/*.tar', '/opt/glob/other.tar'])
      })

      it('again what was damaged on the host', async () => {
        const content = randomBytes(100_000)
        const file = await local('precious', content)
        await bytesSent([file], '/opt/c')
        await put(`/var/lib/aurora-mesosphere/store/${file.digest}`, 'other')
        await put('/opt/c/precious', 'edited')
        expect(await bytesSent([file], '/opt/c')).toBe(100_000)
        expect(await digestAt(there('/opt/c/precious'))).toBe(digestOf(content))
      })

      it('over a file that is there, and leaves no other', async () => {
        await put('/opt/d/config', 'old')
        await bytesSent([await local('config', Buffer.from('new'))], '/opt/d')
        expect((await session.exec(['ls', '-A', there('/opt/d')])).stdout).toBe('config\n')
        expect(await readFile(there('/opt/d/config'), 'utf8')).toBe('new')
      })

      it('only the rest of what a broken transfer left', async () => {
        const content = randomBytes(5_000_000)
        const file = await local('long', content)
        await put(`/var/lib/aurora-mesosphere/store/${file.digest}.part`, content.subarray(0, 4_000_000))
        expect(await bytesSent([file], '/opt/e')).toBeLessThan(3_500_000)
        expect(await digestAt(there('/opt/e/long'))).toBe(digestOf(content))
      })

      it('the rest over a new connection when one breaks', async () => {
        const mine = await another()
        const file = await local('broken', randomBytes(60_000_000))
        let dropped: Promise<void> | undefined
        const moved: number[] = []
        await mine.upload([file], '/opt/e', (done) => {
          moved.push(done)
          if (done > 8_000_000) dropped ??= rig.dropConnections()
        })
        await dropped
        expect(await digestAt(there('/opt/e/broken'))).toBe(file.digest)
        const begun = moved.flatMap((done, at) => (done === 0 && at > 0 ? [moved[at - 1] as number] : []))
        expect(begun.length).toBe(1)
        expect((begun[0] as number) + (moved.at(-1) as number)).toBeLessThan(file.size + 5_000_000)
      })

      it('all of it when what was left is not its beginning', async () => {
        const content = randomBytes(5_000_000)
        const file = await local('other', content)
        await put(`/var/lib/aurora-mesosphere/store/${file.digest}.part`, randomBytes(4_000_000))
        await bytesSent([file], '/opt/e')
        expect(await digestAt(there('/opt/e/other'))).toBe(digestOf(content))
      })

      it('to a store that is bounded, from which what was used least goes first', async () => {
        const store = there('/var/lib/aurora-mesosphere/store')
        const old = join(store, digestOf('old'))
        await session.exec(['sh', '-c', 'truncate -s 3G "$1" && touch -d 2001-01-01 "$1"', 'sh', old])
        await bytesSent([await local('latest', Buffer.from('latest'))], '/opt/g')
        const { stdout } = await session.exec(['ls', store])
        expect(stdout).not.toContain(digestOf('old'))
        expect(stdout).toContain(digestOf('latest'))
      })

      it('the same content to two places at a time', async () => {
        const content = randomBytes(1_000_000)
        const files = [await local('same-1', content), await local('same-2', content)]
        await Promise.all(files.map((file) => session.upload([file], '/opt/h', () => {})))
        expect(await digestAt(there('/opt/h/same-1'))).toBe(digestOf(content))
        expect(await digestAt(there('/opt/h/same-2'))).toBe(digestOf(content))
      })

      it('nothing of a file that is not what its digest says', async () => {
        const file = { ...(await local('liar', Buffer.from('bytes'))), digest: digestOf('other bytes') }
        expect(await failureOf(session.upload([file], '/opt/f', () => {}))).toEqual(changed(file))
        expect((await session.exec(['ls', '-A', there('/opt/f')])).stdout).toBe('')
      })

      it('nothing of a file that is shorter than it was', async () => {
        const file = { ...(await local('shrunk', Buffer.from('12345'))), size: 10 }
        expect(await failureOf(session.upload([file], '/opt/f', () => {}))).toEqual(changed(file))
      })

      const changed = ({ path }: LocalFile) => ({ kind: 'changed-while-sent', host: rig.host.name, path })

      it('a file that only its owner may read, so that only its owner may read it there', async () => {
        const secret = await local('secret', Buffer.from('hidden'), 0o600)
        await bytesSent([secret], '/opt/i')
        expect((await stat(there('/opt/i/secret'))).mode & 0o777).toBe(0o600)
        await bytesSent([await local('secret', Buffer.from('hidden'))], '/opt/i')
        expect((await stat(there('/opt/i/secret'))).mode & 0o777).toBe(0o644)
      })

      it('nothing over a folder or a link', async () => {
        await put('/opt/j/folder/inside', 'kept')
        await session.exec(['ln', '-s', 'folder/inside', there('/opt/j/link')])
        for (const name of ['folder', 'link']) {
          const failure = await failureOf(bytesSent([await local(name, Buffer.from('new'))], '/opt/j'))
          expect(failure).toMatchObject({
            kind: 'refused',
            problem: expect.stringContaining(`/opt/j/${name}\` on ${rig.host.name} is a ${name}`),
          })
        }
        expect(await readFile(there('/opt/j/link'), 'utf8')).toBe('kept')
      })

      it('nothing that a receipt knows under another path', async () => {
        const content = randomBytes(100_000)
        await put('/srv/made/here', content)
        await session.writeReceipt({
          schema: 1,
          task: 'maker',
          key: digestOf('maker'),
          action: {} as Action,
          outputs: await session.digest(['/srv/made/here']),
          reasons: [],
          durationMs: 1,
          finishedAt: '2026-01-01T00:00:00Z',
        })
        expect(await bytesSent([await local('known', content)], '/opt/k')).toBe(0)
        expect(await digestAt(there('/opt/k/known'))).toBe(digestOf(content))
      })
    })

    describe('downloads', () => {
      it('files by their base names, verified, with their modes', async () => {
        const content = randomBytes(1_000_000)
        await put('/srv/out/result.tgz', content)
        await put('/srv/out/tool', '#!/bin/sh\n', 0o755)
        const dir = join(here, 'home')
        const progress: [number, number][] = []
        await put('/srv/out/secret.tgz', '', 0o600)
        await session.download(['/srv/out/*.tgz', '/srv/out/tool'], dir, (...done) => progress.push(done))
        expect(await digestAt(join(dir, 'result.tgz'))).toBe(digestOf(content))
        expect((await stat(join(dir, 'tool'))).mode & 0o777).toBe(0o755)
        expect((await stat(join(dir, 'secret.tgz'))).mode & 0o777).toBe(0o600)
        expect(progress.at(-1)).toEqual([1_000_010, 1_000_010])
      })

      it('the rest over a new connection when one breaks', async () => {
        const mine = await another()
        const content = randomBytes(60_000_000)
        await put('/srv/out/long', content)
        let dropped: Promise<void> | undefined
        const dir = join(here, 'resumed')
        await mine.download(['/srv/out/long'], dir, (done) => {
          if (done > 8_000_000) dropped ??= rig.dropConnections()
        })
        await dropped
        expect(await digestAt(join(dir, 'long'))).toBe(digestOf(content))
        expect(await readdir(dir)).toEqual(['long'])
      })

      it('nothing when one of the paths is not there', async () => {
        const dir = join(here, 'nowhere')
        const failure = await failureOf(session.download(['/srv/out/tool', '/srv/none'], dir, () => {}))
        expect(failure).toMatchObject({ kind: 'refused', problem: expect.stringContaining('/srv/none') })
      })
    })

    describe('digests', () => {
      it('files, folders and globs', async () => {
        await put('/srv/tree/a.txt', 'a')
        await put('/srv/tree/.hidden', 'h')
        await put('/srv/tree/deep/er/b.txt', 'b', 0o755)
        await put('/srv/tree/deep/c [1] $x.txt', 'c')
        const at = (...names: string[]) => names.map((name) => `/srv/tree/${name}`)
        const paths = async (...patterns: string[]) => Object.keys(await session.digest(patterns))
        const all = at('.hidden', 'a.txt', 'deep/c [1] $x.txt', 'deep/er/b.txt')
        expect(await paths('/srv/tree')).toEqual(all)
        expect(await paths('/srv/tree/')).toEqual(all)
        expect(await paths('/srv/tree/*')).toEqual(at('.hidden', 'a.txt'))
        expect(await paths('/srv/tree/**/*.txt')).toEqual(all.slice(1))
        expect(await paths('/srv/tree/?.txt', '/srv/tree/a.txt')).toEqual(at('a.txt'))
        expect(await paths('/srv/tree/**', '!/srv/tree/deep/**')).toEqual(at('.hidden', 'a.txt'))
        expect(await paths('/srv/none', '/srv/none/**')).toEqual([])
        expect(await session.digest(['/srv/tree/deep/er/b.txt'])).toEqual({
          '/srv/tree/deep/er/b.txt': { digest: digestOf('b'), size: 1, executable: true },
        })
      })

      it('links by where they point', async () => {
        await put('/srv/releases/1/file', 'x')
        await session.exec(['ln', '-s', 'releases/1', there('/srv/current')])
        await session.exec(['ln', '-s', 'nowhere', there('/srv/dangling')])
        expect(await session.digest(['/srv/current', '/srv/dangling'])).toEqual({
          '/srv/current': { link: 'releases/1' },
          '/srv/dangling': { link: 'nowhere' },
        })
      })

      it('thousands of files at once', async () => {
        const folder = there('/srv/many')
        await session.exec([
          'sh',
          '-c',
          'mkdir -p "$1" && cd "$1" && seq -f "some-rather-long-file-name-%.0f" 4000 | xargs touch',
          'sh',
          folder,
        ])
        expect(Object.keys(await session.digest(['/srv/many']))).toHaveLength(4000)
      })

      it('no file whose name holds a line break', async () => {
        await put('/srv/odd/a\nb', '')
        expect(await failureOf(session.digest(['/srv/odd']))).toMatchObject({ kind: 'refused' })
      })
    })

    describe('checks', () => {
      const question = { facts: {}, verify: 'fast' as const }
      const recorded = async (task: string, ...paths: string[]): Promise<TaskRecord> => {
        const record: TaskRecord = {
          schema: 1,
          task,
          key: digestOf(task),
          action: {} as Action,
          outputs: await session.digest(paths),
          reasons: [],
          durationMs: 1,
          finishedAt: '2026-01-01T00:00:00Z',
        }
        await session.writeReceipt(record)
        return record
      }
      const receiptFile = (task: string) => there(`/var/lib/aurora-mesosphere/receipts/${task}`)

      it('the platform', async () => {
        await put('/etc/os-release', 'PRETTY_NAME="Old one"\nID=debian\nVERSION_ID="7"\n')
        expect((await session.check(question)).platform).toBe(`debian-7-${machine?.() ?? arch()}`)
      })

      it('facts: files under the root, and what commands print', async () => {
        await put('/etc/mesos/zk', 'zk://10.0.0.1:2181/mesos\n\n')
        const { facts } = await session.check({
          ...question,
          facts: {
            zk: { file: '/etc/mesos/zk' },
            none: { file: '/etc/none' },
            lines: { command: 'cat "$ROOT/etc/mesos/zk" && echo two' },
            broken: { command: 'echo so far; exit 1' },
            greedy: { command: 'cat; echo end' },
          },
        })
        expect(facts).toEqual({
          zk: 'zk://10.0.0.1:2181/mesos',
          none: null,
          lines: 'zk://10.0.0.1:2181/mesos\n\ntwo',
          broken: null,
          greedy: 'end',
        })
      })

      it('a receipt whose outputs stand', async () => {
        await put('/srv/stands/a|b', 'a')
        await put('/srv/stands/ c\\d ', 'b')
        const record = await recorded('stands', '/srv/stands')
        expect(await session.check({ ...question, task: 'stands' })).toMatchObject({
          receipt: record,
          missing: [],
          changed: [],
        })
        expect(await session.check({ ...question, task: 'stands', verify: 'full' })).toMatchObject({
          receipt: record,
          missing: [],
          changed: [],
        })
      })

      it('all of that in one round trip, where the server counts them', async () => {
        await put('/srv/trip/a', 'a')
        await recorded('trip', '/srv/trip')
        const before = rig.commands?.().length ?? 0
        const facts = { zk: { file: '/etc/mesos/zk' }, one: { command: 'echo 1' } }
        const answer = await session.check({ task: 'trip', facts, verify: 'fast' })
        expect(answer).toMatchObject({
          receipt: { task: 'trip' },
          facts: { one: '1' },
          missing: [],
          changed: [],
        })
        if (rig.commands) expect(rig.commands().length - before).toBe(1)
      })

      it('many questions at once in one round trip, each answered for itself', async () => {
        await put('/srv/batch/a', 'a')
        await put('/srv/batch/b', 'b')
        await recorded('batch-a', '/srv/batch/a')
        await recorded('batch-b', '/srv/batch/b')
        await rm(there('/srv/batch/b'))
        const before = rig.commands?.().length ?? 0
        const facts = { same: { command: 'echo same' }, own: { command: 'echo a' } }
        const answers = await Promise.all([
          session.check({ task: 'batch-a', facts, verify: 'fast' }),
          session.check({
            task: 'batch-b',
            facts: { same: facts.same, own: { command: 'echo b' } },
            verify: 'fast',
          }),
          session.check({ task: 'batch-none', facts: {}, verify: 'fast' }),
        ])
        expect(answers).toMatchObject([
          { receipt: { task: 'batch-a' }, missing: [], facts: { same: 'same', own: 'a' } },
          { receipt: { task: 'batch-b' }, missing: ['/srv/batch/b'], facts: { same: 'same', own: 'b' } },
          { missing: [], changed: [], facts: {}, running: false },
        ])
        if (rig.commands) expect(rig.commands().length - before).toBe(1)
      })

      it('which outputs are missing or changed', async () => {
        for (const name of ['kept', 'gone', 'edited', 'touched', 'mode'])
          await put(`/srv/drift/${name}`, name)
        await recorded('drift', '/srv/drift')
        await rm(there('/srv/drift/gone'))
        await put('/srv/drift/edited', 'EDITED')
        await session.exec(['touch', there('/srv/drift/touched')])
        await session.exec(['chmod', '755', there('/srv/drift/mode')])
        expect(await session.check({ ...question, task: 'drift' })).toMatchObject({
          missing: ['/srv/drift/gone'],
          changed: ['/srv/drift/edited', '/srv/drift/mode'],
        })
      })

      it('that a torn, foreign or newer receipt is none', async () => {
        await put('/srv/torn/a', 'a')
        await put('/srv/torn/b', 'b')
        await recorded('torn', '/srv/torn')
        const whole = await readFile(receiptFile('torn'), 'utf8')
        const receiptOf = async (content: string) => {
          await writeFile(receiptFile('torn'), content)
          return (await session.check({ ...question, task: 'torn' })).receipt
        }
        expect(await receiptOf(whole)).toBeDefined()
        for (const length of [0, 1, 100, whole.indexOf('{') - 1, whole.length - 3])
          expect(await receiptOf(whole.slice(0, length))).toBeUndefined()
        expect(await receiptOf(whole.replace('"version":2', '"version":3'))).toBeUndefined()
        expect(await receiptOf(whole.replaceAll('"torn"', '"else"'))).toBeUndefined()
        expect(await receiptOf('null\n')).toBeUndefined()
      })

      it('no receipt once it is removed', async () => {
        await put('/srv/removed/a', 'a')
        await recorded('removed', '/srv/removed')
        await session.removeReceipt('removed')
        expect((await session.check({ ...question, task: 'removed' })).receipt).toBeUndefined()
      })

      it('without making anything on the host', async () => {
        const fresh = { ...rig.host, name: 'fresh', root: there('/fresh') }
        await mkdir(fresh.root)
        const fleet = openFleet({ ...rig.cluster, hosts: { hosts: [fresh] } })
        fleets.push(fleet)
        const looker = await fleet.session(fresh)
        await looker.check({ ...question, task: 'any' })
        await looker.removeReceipt('any')
        expect((await looker.exec(['ls', '-A', fresh.root])).stdout).toBe('')
      })
    })

    describe('runs scripts', () => {
      /** Says `one`, waits for a file named after it, says `two`; counts its starts. */
      const waiting = `
        echo "$$" >"$ROOT/$NAME.pid"
        echo start >>"$ROOT/$NAME.starts"
        echo one
        while [ ! -e "$ROOT/$NAME.go" ]; do sleep 0.05; done
        echo two >&2
      `
      const jobOf = async (name: string, body: string, more: Partial<ScriptJob> = {}) => {
        const script = join(here, `${name}.sh`)
        await writeFile(script, body)
        await writeFile(join(here, 'lib.sh'), 'greet() { echo "hello $1"; }\n')
        let output = ''
        const listeners: { text: string; then: () => void }[] = []
        const job: ScriptJob = {
          task: 'some-task',
          key: digestOf(name),
          script: 'work.sh',
          files: { 'work.sh': script, 'lib.sh': join(here, 'lib.sh') },
          args: [],
          env: { NAME: name },
          nth: 0,
          signal: new AbortController().signal,
          onOutput(stream, text) {
            if (stream === 'stdout') output += text
            for (const { text, then } of listeners) if (output.includes(text)) then()
          },
          ...more,
        }
        const says = (text: string) =>
          new Promise<void>((then) => (output.includes(text) ? then() : listeners.push({ text, then })))
        return { job, says, output: () => output }
      }
      const go = (name: string) => writeFile(there(`/${name}.go`), '')
      const starts = async (name: string) =>
        (await readFile(there(`/${name}.starts`), 'utf8')).split('\n').length - 1
      const isAlive = async (name: string) => {
        const pid = (await readFile(there(`/${name}.pid`), 'utf8')).trim()
        return (await session.exec(['kill', '-0', pid])).exitCode === 0
      }

      it('with arguments, environment and the scripts beside them', async () => {
        const body =
          '. ./lib.sh\ngreet "$1"\necho "$SECRET"\necho "$ROOT $LANG"\necho "none$UNDECLARED"\npwd\n'
        const secret = `it's\n$(a) secret`
        const { job, output } = await jobOf('plain', body, { args: ['wide world'], env: { SECRET: secret } })
        await session.runScript(job)
        const [hello, ...rest] = output().split('\n')
        expect(hello).toBe('hello wide world')
        expect(rest.slice(0, 4)).toEqual([...secret.split('\n'), `${rig.host.root} C.UTF-8`, 'none'])
        expect(rest[4]).toMatch(/\/jobs\/some-task(\.[0-9a-f]{16}){2}\/scripts$/)
      })

      it('streams both outputs in order while they run', async () => {
        const { job, says, output } = await jobOf('stream', waiting)
        const running = session.runScript(job)
        await says('one')
        await go('stream')
        await running
        expect(output()).toBe('one\ntwo\n')
      })

      it('shows no environment in the list of processes, nor in a file', async () => {
        const secret = randomBytes(8).toString('hex')
        const { job, says } = await jobOf('private', waiting, { env: { NAME: 'private', SECRET: secret } })
        const running = session.runScript(job)
        await says('one')
        expect((await session.exec(['ps', '-eo', 'args'])).stdout).not.toContain(secret)
        const jobs = there('/var/lib/aurora-mesosphere/jobs')
        expect(await session.exec(['grep', '-r', secret, jobs])).toMatchObject({ exitCode: 1, stdout: '' })
        await go('private')
        await running
      })

      it('fails with the last lines of one that fails', async () => {
        const { job } = await jobOf('failing', 'seq 100\necho broken >&2\nexit 7\n')
        const tail = [...Array.from({ length: 19 }, (_, index) => `${index + 82}`), 'broken'].join('\n')
        expect(await failureOf(session.runScript(job))).toEqual({
          kind: 'script',
          script: 'work.sh',
          exitCode: 7,
          signal: null,
          tail,
        })
      })

      it('starts one that failed anew', async () => {
        const body = 'echo start >>"$ROOT/$NAME.starts"\n[ "$(wc -l <"$ROOT/$NAME.starts")" -gt 1 ]\n'
        const { job } = await jobOf('second-time', body)
        expect(await failureOf(session.runScript(job))).toMatchObject({ kind: 'script', exitCode: 1 })
        await session.runScript(job)
        expect(await starts('second-time')).toBe(2)
      })

      it('takes as done what ended well, until it is settled', async () => {
        const { job, output } = await jobOf('again', 'echo start >>"$ROOT/$NAME.starts"\necho once\n')
        await session.runScript(job)
        await session.runScript(job)
        expect(await starts('again')).toBe(1)
        expect(output()).toBe('once\nonce\n')
        await session.settleJobs(job.task)
        await session.runScript(job)
        expect(await starts('again')).toBe(2)
      })

      it('follows from a second session what already runs', async () => {
        const first = await jobOf('shared', waiting)
        const second = await jobOf('shared', waiting)
        const running = session.runScript(first.job)
        await first.says('one')
        const following = (await another()).runScript(second.job)
        await second.says('one')
        const isAtWork = async (task: string) =>
          (await session.check({ task, facts: {}, verify: 'fast' })).running
        expect(await isAtWork('some-task')).toBe(true)
        expect(await isAtWork('some')).toBe(false)
        await go('shared')
        await Promise.all([running, following])
        expect([first.output(), second.output()]).toEqual(['one\ntwo\n', 'one\ntwo\n'])
        expect(await starts('shared')).toBe(1)
        expect(await isAtWork('some-task')).toBe(false)
      })

      it('ends all processes of one that is interrupted', async () => {
        const stop = new AbortController()
        const { job, says } = await jobOf('cancelled', waiting, { signal: stop.signal })
        const running = session.runScript(job)
        await says('one')
        expect(await isAlive('cancelled')).toBe(true)
        stop.abort('SIGINT')
        await expect(running).rejects.toThrow('SIGINT')
        expect(await isAlive('cancelled')).toBe(false)
      })

      it('leaves one running on SIGHUP, and takes it as done later', async () => {
        const hangUp = new AbortController()
        const first = await jobOf('left', waiting, { signal: hangUp.signal })
        const running = session.runScript(first.job)
        await first.says('one')
        hangUp.abort('SIGHUP')
        await expect(running).rejects.toThrow('SIGHUP')
        expect(await isAlive('left')).toBe(true)
        await go('left')
        const second = await jobOf('left', waiting)
        await (await another()).runScript(second.job)
        expect(second.output()).toBe('one\ntwo\n')
        expect(await starts('left')).toBe(1)
      })

      it('ends what is left running of another key, says so, and nothing else', async () => {
        const leave = async (name: string, more: Partial<ScriptJob>) => {
          const hangUp = new AbortController()
          const { job, says } = await jobOf(name, waiting, { signal: hangUp.signal, ...more })
          const running = session.runScript(job)
          await says('one')
          hangUp.abort('SIGHUP')
          await expect(running).rejects.toThrow('SIGHUP')
          return job
        }
        const task = 'two-keys'
        await leave('of-old', { task })
        const { key } = await leave('of-new', { task })
        await leave('of-others', { task: 'two-keys.too' })
        let said = ''
        await session.endJobs({ task, except: key, onOutput: (_stream, text) => (said += text) })
        expect([await isAlive('of-old'), await isAlive('of-new'), await isAlive('of-others')]).toEqual([
          false,
          true,
          true,
        ])
        expect(said).toBe(`Ended on ${rig.host.name}: what an earlier run of \`two-keys\` still did there.\n`)
        for (const name of [task, 'two-keys.too']) await session.endJobs({ task: name, onOutput() {} })
        expect([await isAlive('of-new'), await isAlive('of-others')]).toEqual([false, false])
      })

      it('follows one on after the connection was lost', async () => {
        const { job, says, output } = await jobOf('dropped', waiting)
        const mine = await another()
        const running = mine.runScript(job)
        await says('one')
        await rig.dropConnections()
        await go('dropped')
        await running
        expect(output()).toBe('one\ntwo\n')
        expect(await starts('dropped')).toBe(1)
      })

      it('starts one anew whose processes were killed, and says so', async () => {
        const { job, says } = await jobOf('killed', waiting)
        const said: string[] = []
        const running = session.runScript(job)
        await says('one')
        const pid = (await readFile(there('/killed.pid'), 'utf8')).trim()
        const killing = 'kill -s KILL -- "-$(ps -o pgid= -p "$1" | tr -d " ")"'
        const outcome = failureOf(running)
        await session.exec(['sh', '-c', killing, 'sh', pid])
        expect(await outcome).toMatchObject({ kind: 'job-lost', rebooted: false, tail: 'one' })
        await go('killed')
        const onOutput: ScriptJob['onOutput'] = (stream, text) => stream === 'stderr' && said.push(text)
        await session.runScript({ ...job, onOutput })
        expect(said.join('')).toContain('gone without a result')
        expect(await starts('killed')).toBe(2)
      })

      it('keeps the twenty jobs that ended last', async () => {
        const jobs = '/var/lib/aurora-mesosphere/jobs'
        for (let count = 0; count < 25; count++) {
          await put(`${jobs}/other.${count}/exit`, '0\n')
          await utimes(there(`${jobs}/other.${count}/exit`), count, count)
        }
        await session.runScript((await jobOf('one-more', 'true\n')).job)
        const others = (await session.exec(['ls', there(jobs)])).stdout.match(/^other\.\d+$/gm) ?? []
        expect(others.length).toBeLessThanOrEqual(20)
        expect(others).not.toContain('other.0')
      })
    })

    it('rejects what is under way when the connection breaks, and connects anew', async () => {
      const mine = await another()
      const endless = [failureOf(mine.exec(chatter)), failureOf(mine.exec(chatter))]
      await rig.dropConnections()
      const lost = { kind: 'connection-lost', host: rig.host.name }
      expect(await Promise.all(endless)).toEqual([lost, lost])
      expect((await mine.exec(['echo', 'back'])).stdout).toBe('back\n')
    })
  })
}

/** A command that ends only when nobody listens any more. */
const chatter = ['sh', '-c', 'while :; do echo more; sleep 0.05; done']

/** What a promise is rejected with; a failure of the test when it is not. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  if (error instanceof Failed) return error.failure
  throw error
}
