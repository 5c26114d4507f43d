import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Writes a file so that at any moment its place holds all of the old or all of the new content. */
export function writeAtomically(path: string, content: string | Buffer, temporary: string): void {
  const part = temporaryPath(temporary, basename(path))
  try {
    inFolder(temporary, () => writeFileSync(part, content))
    inFolder(dirname(path), () => renameSync(part, path), part)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** Lets `write` make a file elsewhere, and gives it its place once it is whole. */
export async function putAtomically(
  path: string,
  temporary: string,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const part = temporaryPath(temporary, basename(path))
  try {
    await inFolderLater(temporary, () => write(part))
    inFolder(dirname(path), () => renameSync(part, path), part)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** Lets `act` make something in a folder, or move `file` there: only where the folder is missing, it is made. */
export function inFolder(folder: string, act: () => void, file?: string): void {
  for (let tries = 1; ; tries++)
    try {
      act()
      return
    } catch (error) {
      makeIfMissing(folder, error, tries, file)
    }
}

async function inFolderLater(folder: string, act: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      return await act()
    } catch (error) {
      makeIfMissing(folder, error, tries)
    }
}

/** Makes the folder where that is what is missing, and not the file; a collection may remove it again at the same moment. */
function makeIfMissing(folder: string, error: unknown, tries: number, file?: string): void {
  const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
  if (!isAbsent || tries === 10 || (file !== undefined && !existsSync(file))) throw error
  mkdirSync(folder, { recursive: true })
}

/** No other process has the same: a number may be another's by now. */
const ours = `${process.pid}.${randomBytes(4).toString('hex')}`
let made = 0

export function temporaryPath(folder: string, name: string): string {
  return `${folder}/${name}.${ours}.${(made++).toString(36)}`
}
