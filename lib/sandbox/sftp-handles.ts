import { closeSync } from 'node:fs'
import type { FileEntry } from 'ssh2'

/** An open file, or a folder with the entries that were not sent yet. */
export type Opened = { kind: 'file'; fd: number } | { kind: 'folder'; rest: FileEntry[] }

/** What a client has open, by the handle that it was given. */
export class Handles {
  private readonly opened = new Map<number, Opened>()
  private next = 1

  add(opened: Opened): Buffer {
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(this.next)
    this.opened.set(this.next++, opened)
    return handle
  }

  file(handle: Buffer): number {
    const opened = this.get(handle)
    if (opened.kind !== 'file') throw new Error('the handle is that of a folder')
    return opened.fd
  }

  folder(handle: Buffer): { rest: FileEntry[] } {
    const opened = this.get(handle)
    if (opened.kind !== 'folder') throw new Error('the handle is that of a file')
    return opened
  }

  close(handle: Buffer): void {
    const opened = this.get(handle)
    this.opened.delete(handle.readUInt32BE())
    if (opened.kind === 'file') closeSync(opened.fd)
  }

  closeAll(): void {
    for (const opened of this.opened.values()) if (opened.kind === 'file') closeSync(opened.fd)
    this.opened.clear()
  }

  private get(handle: Buffer): Opened {
    const opened = handle.length === 4 ? this.opened.get(handle.readUInt32BE()) : undefined
    if (!opened) throw new Error('no such handle')
    return opened
  }
}
