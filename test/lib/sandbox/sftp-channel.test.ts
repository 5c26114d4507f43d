import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SFTPWrapper } from 'ssh2'
import { expect, test } from 'vitest'
import { until } from '../../rig/until.ts'
import { connect, sftpTo, testHost } from './rig.ts'

const twentyMegabytes = randomBytes(20 * 1024 * 1024)

test('20 MB go up and come back unchanged', async () => {
  const { root, outside, access } = await testHost()
  const sftp = await sftpTo(access)
  const [from, back] = [join(outside, 'from'), join(outside, 'back')]
  writeFileSync(from, twentyMegabytes)

  await sftp.fastPut(from, join(root, 'big'), { mode: 0o755 } as never)
  await sftp.fastGet(join(root, 'big'), back)

  expect(readFileSync(join(root, 'big')).equals(twentyMegabytes)).toBe(true)
  expect(readFileSync(back).equals(twentyMegabytes)).toBe(true)
  expect(statSync(join(root, 'big')).mode & 0o777).toBe(0o755)
})

test('streams and buffers work too', async () => {
  const { root, access } = await testHost()
  const sftp = await sftpTo(access)
  await sftp.put(Buffer.from('first\n'), join(root, 'file'))
  await sftp.append(Buffer.from('second\n'), join(root, 'file'))
  expect(String(await sftp.get(join(root, 'file')))).toBe('first\nsecond\n')
})

test('a folder with many files is listed whole, with kinds, sizes and rights', async () => {
  const { root, access } = await testHost()
  for (let index = 0; index < 250; index++) writeFileSync(join(root, `file-${index}`), 'x'.repeat(index))
  mkdirSync(join(root, 'folder'))
  symlinkSync('file-1', join(root, 'link'))
  chmodSync(join(root, 'file-7'), 0o750)
  const list = await (await sftpTo(access)).list(root)
  expect(list.map(({ name }) => name).sort()).toEqual(readdirSync(root).sort())
  const entry = (name: string) => list.find((entry) => entry.name === name)
  expect(entry('file-7')).toMatchObject({
    type: '-',
    size: 7,
    rights: { user: 'rwx', group: 'rx', other: '' },
  })
  expect(entry('folder')).toMatchObject({ type: 'd' })
  expect(entry('link')).toMatchObject({ type: 'l' })
})

test('folders are made and removed, deep ones too', async () => {
  const { root, access } = await testHost()
  const sftp = await sftpTo(access)
  await sftp.mkdir(join(root, 'a/b/c'), true)
  await sftp.put(Buffer.from('x'), join(root, 'a/b/c/file'))
  expect(existsSync(join(root, 'a/b/c/file'))).toBe(true)
  await sftp.rmdir(join(root, 'a'), true)
  expect(existsSync(join(root, 'a'))).toBe(false)
})

test('files are removed and renamed, but never onto another', async () => {
  const { root, access } = await testHost()
  const sftp = await sftpTo(access)
  writeFileSync(join(root, 'one'), '1')
  writeFileSync(join(root, 'two'), '2')
  await expect(sftp.rename(join(root, 'one'), join(root, 'two'))).rejects.toThrow(/is there already/)
  await sftp.rename(join(root, 'one'), join(root, 'three'))
  await sftp.delete(join(root, 'two'))
  expect(readdirSync(root)).toEqual(['three'])
})

test('attributes are told and set, of paths and of open files', async () => {
  const { root, access } = await testHost()
  const path = join(root, 'file')
  writeFileSync(path, 'content')
  const sftp = await rawSftp(access)
  await promisify(sftp.setstat).call(sftp, path, {
    mode: 0o640,
    atime: 1_000_000_000,
    mtime: 1_100_000_000,
  } as never)
  const stats = await promisify(sftp.stat).call(sftp, path)
  expect(stats).toMatchObject({ size: 7, atime: 1_000_000_000, mtime: 1_100_000_000 })
  expect((stats as unknown as { mode: number }).mode & 0o777).toBe(0o640)

  const handle = await promisify<string, string, Buffer>(sftp.open as never).call(sftp, path, 'r+')
  await promisify(sftp.fsetstat).call(sftp, handle, { size: 3 } as never)
  expect(await promisify(sftp.fstat).call(sftp, handle)).toMatchObject({ size: 3 })
  expect(readFileSync(path, 'utf8')).toBe('con')
})

test('links are made, read and followed within the host', async () => {
  const { root, access } = await testHost()
  writeFileSync(join(root, 'file'), 'content')
  const sftp = await rawSftp(access)
  await promisify(sftp.symlink).call(sftp, 'file', join(root, 'link'))
  expect(readlinkSync(join(root, 'link'))).toBe('file')
  expect(await promisify(sftp.readlink).call(sftp, join(root, 'link'))).toBe('file')
  expect(await promisify(sftp.realpath).call(sftp, join(root, 'link'))).toBe(join(root, 'file'))
  expect((await promisify(sftp.lstat).call(sftp, join(root, 'link'))).isSymbolicLink()).toBe(true)
  expect(await promisify(sftp.stat).call(sftp, join(root, 'link'))).toMatchObject({ size: 7 })
})

test('relative paths start in the root folder', async () => {
  const { root, access } = await testHost()
  const sftp = await sftpTo(access)
  expect(await sftp.cwd()).toBe(root)
  await sftp.put(Buffer.from('x'), 'file')
  expect(readFileSync(join(root, 'file'), 'utf8')).toBe('x')
})

test('what does not exist is said not to exist', async () => {
  const { root, access } = await testHost()
  const sftp = await sftpTo(access)
  expect(await sftp.exists(join(root, 'nothing'))).toBe(false)
  await expect(sftp.get(join(root, 'nothing'))).rejects.toThrow(/no such file/i)
})

test('a named pipe does not stop the server', async () => {
  const { root, access } = await testHost()
  const { execFileSync } = await import('node:child_process')
  execFileSync('mkfifo', [join(root, 'pipe')])
  const sftp = await sftpTo(access)
  await expect(sftp.put(Buffer.from('x'), join(root, 'pipe'))).rejects.toThrow()
  expect(await sftp.exists(root)).toBe('d')
})

test('nothing outside of the root folder can be read, written, listed, made, moved or removed', async () => {
  const { root, outside, access } = await testHost()
  const sftp = await rawSftp(access)
  const secret = join(outside, 'secret')
  const denied = /is outside of this host/
  writeFileSync(secret, 'secret')
  writeFileSync(join(root, 'own'), 'own')
  symlinkSync(secret, join(root, 'to-secret'))
  symlinkSync(outside, join(root, 'to-outside'))
  symlinkSync(join(outside, 'new'), join(root, 'to-nowhere'))
  const before = lstatSync(secret)
  const listed = readdirSync(outside)

  const attempts: Record<string, (done: (error?: unknown) => void) => void> = {
    'read a file': (done) => sftp.open(secret, 'r', done),
    'read by ..': (done) => sftp.open(`${root}/../secret`, 'r', done),
    'read through a link': (done) => sftp.open(join(root, 'to-secret'), 'r', done),
    'read through a linked folder': (done) => sftp.open(join(root, 'to-outside/secret'), 'r', done),
    'write through a link': (done) => sftp.open(join(root, 'to-secret'), 'w', done),
    'write in a linked folder': (done) => sftp.open(join(root, 'to-outside/new'), 'w', done),
    'list the folder around': (done) => sftp.opendir(outside, done),
    'list a linked folder': (done) => sftp.opendir(join(root, 'to-outside'), done),
    'ask about a file': (done) => sftp.stat('/etc/passwd', done),
    'ask about a link': (done) => sftp.lstat(secret, done),
    'make a folder': (done) => sftp.mkdir(join(outside, 'new'), done),
    'remove a file': (done) => sftp.unlink(secret, done),
    'remove a file of a linked folder': (done) => sftp.unlink(join(root, 'to-outside/secret'), done),
    'move a file out': (done) => sftp.rename(join(root, 'own'), join(outside, 'new'), done),
    'move a file in': (done) => sftp.rename(secret, join(root, 'new'), done),
    'change rights through a link': (done) => sftp.chmod(join(root, 'to-secret'), 0o777, done),
    'resolve a path': (done) => sftp.realpath('/', done),
    'link to the outside': (done) => sftp.symlink(secret, join(root, 'new-link'), done),
    'make a link outside': (done) => sftp.symlink('own', join(outside, 'new'), done),
  }
  for (const [name, attempt] of Object.entries(attempts))
    await expect(promisify(attempt)(), name).rejects.toThrow(denied)
  // A link that leads nowhere would make the file where it leads.
  await expect(promisify((done) => sftp.open(join(root, 'to-nowhere'), 'w', done))()).rejects.toThrow(
    /no such file/i,
  )

  expect(readdirSync(outside)).toEqual(listed)
  expect(lstatSync(secret)).toEqual(before)
  expect(readFileSync(join(root, 'own'), 'utf8')).toBe('own')
})

test.skipIf(process.platform !== 'linux')('a lost connection closes the files that were open', async () => {
  const { root, access } = await testHost()
  writeFileSync(join(root, 'file'), 'content')
  const client = await connect(access)
  const sftp = await promisify(client.sftp).call(client)
  await promisify((done) => (sftp as SFTPWrapper).open(join(root, 'file'), 'r', done))()
  const isOpen = () => openFiles().includes(join(root, 'file'))
  expect(isOpen()).toBe(true)
  client.destroy()
  await until(() => !isOpen())
})

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      // The descriptor with which the folder itself was read is closed by now.
      return []
    }
  })
}

async function rawSftp(access: Parameters<typeof connect>[0]): Promise<SFTPWrapper> {
  const client = await connect(access)
  return (await promisify(client.sftp).call(client)) as SFTPWrapper
}
