import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file so that at any moment its place holds all of the old or all of the new content. */
export function writeAtomically(path: string, content: string | Buffer, temporary: string): void {
  putAtomically(path, temporary, (part) => writeFileSync(part, content))
}

/** Lets `write` make a file elsewhere, and gives it its place once it is whole. */
export function putAtomically(path: string, temporary: string, write: (part: string) => void): void {
  const part = temporaryPath(temporary, basename(path))
  try {
    inFolder(temporary, () => write(part))
    inFolder(dirname(path), () => renameSync(part, path), part)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** Makes the folder where that is what is missing, and not the file; a collection may remove it again at the same moment. */
function inFolder(folder: string, act: () => void, file?: string): void {
  for (let tries = 1; ; tries++)
    try {
      act()
      return
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!isAbsent || tries === 10 || (file !== undefined && !existsSync(file))) throw error
      mkdirSync(folder, { recursive: true })
    }
}

/** No other process has the same: a number may be another's by now. */
const ours = `${process.pid}.${randomBytes(4).toString('hex')}`
let made = 0

export function temporaryPath(folder: string, name: string): string {
  return join(folder, `${name}.${ours}.${(made++).toString(36)}`)
}
