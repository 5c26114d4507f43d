import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { format } from './seen-folder.ts'

let begun = 0

/** What `find` tells of folders from the root, and of all in them. Throws where not all could be looked at. It goes into a
 *  file: nobody here has the time to read it meanwhile. */
export async function runFind(
  root: string,
  folders: string[],
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  mkdirSync(temporary, { recursive: true })
  const path = join(temporary, `survey.${process.pid}.${begun++}`)
  const file = openSync(path, 'w+', 0o600)
  try {
    rmSync(path)
    const places = folders.map((folder) => `./${folder}`)
    const finding = spawn('find', [...places, '-maxdepth', '1', '-printf', format], {
      cwd: root,
      stdio: ['ignore', file, 'ignore'],
      ...(signal && { signal, killSignal: 'SIGKILL' }),
    })
    const [code] = await once(finding, 'exit')
    if (code !== 0) throw new Error(`find ended with ${code}`)
    const text = Buffer.allocUnsafe(fstatSync(file).size)
    readSync(file, text, 0, text.length, 0)
    return text.toString()
  } finally {
    closeSync(file)
  }
}
