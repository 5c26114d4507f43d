import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file so that at any moment its place holds all of the old or all of the new content. */
export function writeAtomically(path: string, content: string | Buffer, temporary: string): void {
  mkdirSync(temporary, { recursive: true })
  const part = temporaryPath(temporary, basename(path))
  try {
    writeFileSync(part, content)
    moveInto(path, part)
  } finally {
    rmSync(part, { force: true })
  }
}

/** Gives a whole file its place, whose folder a collection may remove at the same moment. */
export function moveInto(path: string, part: string): void {
  for (let tries = 1; ; tries++) {
    mkdirSync(dirname(path), { recursive: true })
    try {
      renameSync(part, path)
      return
    } catch (error) {
      const folderWent = (error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(part)
      if (!folderWent || tries === 10) throw error
    }
  }
}

export function temporaryPath(folder: string, name: string): string {
  return join(folder, `${name}.${process.pid}.${randomBytes(4).toString('hex')}`)
}
