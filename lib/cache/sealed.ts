import { digestOf } from '../model/digest.ts'
import { type OnFault, readIfThere, readText } from './read.ts'
import { writeAtomically } from './write-atomically.ts'

interface Sealed {
  schema: 1
}

/** Writes a JSON document, and on a second line its digest: a file that was torn or scrambled cannot pass for another. */
export function writeSealed(path: string, content: Sealed, temporary: string): void {
  const text = Buffer.from(JSON.stringify(content))
  writeAtomically(path, Buffer.concat([text, Buffer.from(`\n"${digestOf(text)}"\n`)]), temporary)
}

/** What `writeSealed` wrote. Undefined where no file is, and for one that cannot be used, which is told. */
export function readSealed<T extends Sealed>(path: string, onFault: OnFault): T | undefined {
  const text = readIfThere(path, readText, onFault)
  if (text === undefined) return undefined
  const end = text.indexOf('\n')
  const content = text.slice(0, Math.max(0, end))
  if (text.slice(end + 1).split('\n', 1)[0] !== `"${digestOf(content)}"`) {
    onFault(path, text === '' ? 'it is empty' : 'it is cut off or scrambled', 'damaged')
    return undefined
  }
  const document = JSON.parse(content)
  if (document.schema === 1) return document as T
  onFault(path, 'another version of the program wrote it', 'other-version')
  return undefined
}
