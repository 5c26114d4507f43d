import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file so that at any moment its place holds all of the old or all of the new content. */
export function writeAtomically(path: string, content: string | Buffer, temporary: string): void {
  mkdirSync(dirname(path), { recursive: true })
  mkdirSync(temporary, { recursive: true })
  const part = temporaryPath(temporary, basename(path))
  try {
    writeFileSync(part, content)
    renameSync(part, path)
  } finally {
    rmSync(part, { force: true })
  }
}

export function temporaryPath(folder: string, name: string): string {
  return join(folder, `${name}.${process.pid}.${randomBytes(4).toString('hex')}`)
}
