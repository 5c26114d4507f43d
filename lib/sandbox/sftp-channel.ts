import {
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { SFTPWrapper } from 'ssh2'
import ssh2 from 'ssh2'
import type { Confine } from './confine.ts'
import { attributesOf, changeAttributes, entryOf } from './sftp-attributes.ts'
import { Handles } from './sftp-handles.ts'

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp

/** As much as fits into one packet of any client. */
const mostBytesAtOnce = 128 * 1024
const mostNamesAtOnce = 100

/**
 * Serves SFTP version 3 within a host's root folder. File calls are synchronous: they reach the page cache only, and
 * requests are answered in their order. Gives what to call when the connection is over.
 */
export function serveSftp(sftp: SFTPWrapper, confine: Confine): () => void {
  const handles = new Handles()
  const { answer, done } = answersOn(sftp)

  sftp.on('OPEN', (id, path, flags, attributes) =>
    answer(id, () => {
      const place = confine(path, flags & OPEN_MODE.EXCL ? 'keep' : 'follow')
      const fd = openSync(place, systemFlags(flags), (attributes as { mode?: number }).mode ?? 0o666)
      sftp.handle(id, handles.add({ kind: 'file', fd }))
    }),
  )
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, () => {
      const buffer = Buffer.allocUnsafe(Math.min(length, mostBytesAtOnce))
      const read = readSync(handles.file(handle), buffer, 0, buffer.length, offset)
      if (read === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.data(id, buffer.subarray(0, read))
    }),
  )
  sftp.on('WRITE', (id, handle, offset, data) => done(id, () => writeAll(handles.file(handle), data, offset)))
  sftp.on('CLOSE', (id, handle) => done(id, () => handles.close(handle)))

  sftp.on('OPENDIR', (id, path) =>
    answer(id, () =>
      sftp.handle(id, handles.add({ kind: 'folder', rest: entriesOf(confine(path, 'follow')) })),
    ),
  )
  sftp.on('READDIR', (id, handle) =>
    answer(id, () => {
      const some = handles.folder(handle).rest.splice(0, mostNamesAtOnce)
      if (some.length === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.name(id, some)
    }),
  )

  sftp.on('STAT', (id, path) =>
    answer(id, () => sftp.attrs(id, attributesOf(statSync(confine(path, 'follow'))))),
  )
  sftp.on('LSTAT', (id, path) =>
    answer(id, () => sftp.attrs(id, attributesOf(lstatSync(confine(path, 'keep'))))),
  )
  sftp.on('FSTAT', (id, handle) =>
    answer(id, () => sftp.attrs(id, attributesOf(fstatSync(handles.file(handle))))),
  )
  sftp.on('SETSTAT', (id, path, wanted) => done(id, () => changeAttributes(confine(path, 'follow'), wanted)))
  sftp.on('FSETSTAT', (id, handle, wanted) => done(id, () => changeAttributes(handles.file(handle), wanted)))

  sftp.on('MKDIR', (id, path, attributes) =>
    done(id, () => mkdirSync(confine(path, 'keep'), (attributes as { mode?: number }).mode ?? 0o777)),
  )
  sftp.on('RMDIR', (id, path) => done(id, () => rmdirSync(confine(path, 'keep'))))
  sftp.on('REMOVE', (id, path) => done(id, () => unlinkSync(confine(path, 'keep'))))
  sftp.on('RENAME', (id, from, to) => done(id, () => renameToNew(confine(from, 'keep'), confine(to, 'keep'))))

  const nameAt = (id: number, filename: string) => sftp.name(id, [{ filename, longname: filename } as never])
  sftp.on('REALPATH', (id, path) => answer(id, () => nameAt(id, confine(path, 'follow'))))
  sftp.on('READLINK', (id, path) => answer(id, () => nameAt(id, readlinkSync(confine(path, 'keep')))))
  // The types call these the other way round; ssh2 puts them in this order for OpenSSH's clients and for others.
  sftp.on('SYMLINK', (id, path, target) =>
    done(id, () => {
      const link = confine(path, 'keep')
      confine(resolve(dirname(link), target), 'keep')
      symlinkSync(target, link)
    }),
  )
  return () => handles.closeAll()
}

/** Every request gets exactly one reply; what goes wrong becomes a status. */
function answersOn(sftp: SFTPWrapper) {
  const answer = (id: number, reply: () => void) => {
    try {
      reply()
    } catch (error) {
      sftp.status(id, statusOf(error as NodeJS.ErrnoException), (error as Error).message)
    }
  }
  const done = (id: number, work: () => void) =>
    answer(id, () => {
      work()
      sftp.status(id, STATUS_CODE.OK)
    })
  return { answer, done }
}

function statusOf(error: NodeJS.ErrnoException): number {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return STATUS_CODE.NO_SUCH_FILE
  if (error.code === 'EACCES' || error.code === 'EPERM') return STATUS_CODE.PERMISSION_DENIED
  return STATUS_CODE.FAILURE
}

function systemFlags(flags: number): number {
  const both = OPEN_MODE.READ | OPEN_MODE.WRITE
  const direction =
    (flags & both) === both ? constants.O_RDWR : flags & OPEN_MODE.WRITE ? constants.O_WRONLY : 0
  return (
    direction |
    (flags & OPEN_MODE.APPEND ? constants.O_APPEND : 0) |
    (flags & OPEN_MODE.CREAT ? constants.O_CREAT : 0) |
    (flags & OPEN_MODE.TRUNC ? constants.O_TRUNC : 0) |
    (flags & OPEN_MODE.EXCL ? constants.O_EXCL : 0) |
    // A named pipe must not stop this process until somebody opens its other end.
    constants.O_NONBLOCK
  )
}

function writeAll(fd: number, data: Buffer, offset: number): void {
  for (let written = 0; written < data.length; )
    written += writeSync(fd, data, written, data.length - written, offset + written)
}

function entriesOf(folder: string) {
  return readdirSync(folder).flatMap((name) => {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false })
    return stats ? [entryOf(name, stats)] : []
  })
}

/** As SFTP version 3 wants it, and OpenSSH does it: what is there is never replaced. */
function renameToNew(from: string, to: string): void {
  if (lstatSync(to, { throwIfNoEntry: false })) throw new Error(`${to} is there already`)
  renameSync(from, to)
}
