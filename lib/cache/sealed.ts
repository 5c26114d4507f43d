import { type Digest, digestOf } from '../model/digest.ts'
import { type OnFault, readIfThere, readText } from './read.ts'
import { writeAtomically } from './write-atomically.ts'

interface Sealed {
  schema: 1
}

/** What a file holds: a document, and whatever text belongs to it. */
interface SealedWithText<T extends Sealed> {
  document: T
  text: string
}

/** Writes a JSON document as one line, below it texts as they are, and in the last line the digest of all that: a file that was
 *  torn or scrambled cannot pass for another. */
export function writeSealed(path: string, document: Sealed, temporary: string, texts: string[] = []): void {
  const lines = texts.length > 0 ? ['\n', ...texts] : []
  const bytes = Buffer.from([JSON.stringify(document), ...lines, sealOf(noDigest)].join(''))
  const end = bytes.length - sealOf(noDigest).length
  bytes.write(sealOf(digestOf(bytes.subarray(0, end))), end)
  writeAtomically(path, bytes, temporary)
}

const noDigest = '0'.repeat(64) as Digest

function sealOf(digest: Digest): string {
  return `\n"${digest}"\n`
}

/** What `writeSealed` wrote. Undefined where no file is, and for one that cannot be used, which is told. */
export function readSealed<T extends Sealed>(path: string, onFault: OnFault): T | undefined {
  return readSealedWithText<T>(path, onFault)?.document
}

/** The same, with the text. */
export function readSealedWithText<T extends Sealed>(
  path: string,
  onFault: OnFault,
): SealedWithText<T> | undefined {
  const all = readIfThere(path, readText, onFault)
  if (all === undefined) return undefined
  const content = all.slice(0, -sealOf(noDigest).length)
  if (!all.endsWith(sealOf(digestOf(content)))) {
    onFault(path, all === '' ? 'it is empty' : 'it is cut off or scrambled', 'damaged')
    return undefined
  }
  const end = content.indexOf('\n')
  const document = JSON.parse(end < 0 ? content : content.slice(0, end))
  if (document.schema === 1) return { document, text: end < 0 ? '' : content.slice(end + 1) }
  onFault(path, 'another version of the program wrote it', 'other-version')
  return undefined
}
