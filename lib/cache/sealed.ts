import { readFileSync } from 'node:fs'
import { digestOf } from '../model/digest.ts'
import { writeAtomically } from './write-atomically.ts'

/** Told when a file of the cache cannot be used: it counts as absent. `path` is absolute. */
export type OnDamage = (path: string, problem: string) => void

interface Sealed {
  schema: 1
}

/** Writes a JSON document, and on a second line its digest: a file that was torn or scrambled cannot pass for another. */
export function writeSealed(path: string, content: Sealed, temporary: string): void {
  const text = JSON.stringify(content)
  writeAtomically(path, `${text}\n"${digestOf(text)}"\n`, temporary)
}

/** What `writeSealed` wrote. Undefined where no file is, and for a damaged one, which is told. */
export function readSealed<T extends Sealed>(path: string, onDamage: OnDamage): T | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') onDamage(path, message)
    return undefined
  }
  const [content = '', seal] = text.split('\n')
  if (seal !== `"${digestOf(content)}"`) {
    onDamage(path, text === '' ? 'it is empty' : 'it is cut off or scrambled')
    return undefined
  }
  const { schema } = JSON.parse(content)
  if (schema === 1) return JSON.parse(content) as T
  onDamage(path, otherVersion)
  return undefined
}

/** Such a file may still serve whoever wrote it. */
export const otherVersion = 'another version of the program wrote it'
