import type { Digest } from '../../model/digest.ts'
import type { FileState } from '../../model/file-state.ts'
import type { Remote } from '../remote/remote.ts'
import { mustRun } from '../remote/remote.ts'
import { newBoundary, readSections, sectionLines } from '../remote/sections.ts'
import { digest, section, signatures } from '../remote/shell-parts.ts'

export interface Inspected {
  state: FileState
  /** Taken before the content was read: a later change shows. */
  signature: string
}

/** Milliseconds without a word from a host that only looks at files. */
export const patience = 120_000

/** What files were found to hold, and look like ever since, by path less the host's root. */
export type Verified = ReadonlyMap<string, { digest: Digest; signature: string }>

/**
 * Digests files and reads links, given by path less the host's root. What is not there, or not readable, is left out.
 * @param verified need not be read again, where they still look the same
 */
export async function inspectFiles(
  remote: Remote,
  paths: string[],
  verified: Verified = new Map(),
): Promise<Map<string, Inspected>> {
  if (paths.length === 0) return new Map()
  const boundary = newBoundary()
  const known = paths.flatMap((path) => {
    const one = verified.get(path)
    return one ? [`${one.signature}|.${path}`] : []
  })
  const input = [...known, '', ...paths.map((path) => `.${path}`), ''].join('\n')
  const { stdout } = await mustRun(remote, 'sha256sum', inspectProgram, [remote.host.root, boundary], {
    input,
    patience,
  })
  const sections = readSections(remote, stdout, boundary)
  const looks = parseSignatures(sectionLines(sections, 'signatures'))
  const links = parsePairs(sections.find(({ name }) => name === 'links')?.content ?? '')
  const digests = parseDigests(sectionLines(sections, 'digests'))
  const found = new Map<string, Inspected>()
  for (const [path, { signature, size, executable, isPrivate }] of looks) {
    const link = links.get(path)
    const one = verified.get(path)
    const sum = one?.signature === signature ? one.digest : digests.get(path)
    if (link !== undefined) found.set(path, { state: { link }, signature })
    else if (sum) {
      const state = { digest: sum, size, executable, ...(isPrivate && { isPrivate }) }
      found.set(path, { state, signature })
    }
  }
  return found
}

export interface Look {
  signature: string
  size: number
  executable: boolean
  isPrivate: boolean
}

/** Reads `size|mtime|ctime|inode|mode|./path`. */
export function parseSignatures(lines: string[]): Map<string, Look> {
  return new Map(
    lines.map((line) => {
      const [size, mtime, ctime, inode, mode, ...name] = line.split('|')
      const signature = [size, mtime, ctime, inode, mode].join('|')
      const rights = Number.parseInt(mode ?? '', 16)
      const executable = (rights & 0o111) !== 0
      const look = { signature, size: Number(size), executable, isPrivate: (rights & 0o077) === 0 }
      return [name.join('|').slice(1), look]
    }),
  )
}

/** `path\0target\0`, again and again. */
function parsePairs(text: string): Map<string, string> {
  const words = text.split('\0')
  const pairs = new Map<string, string>()
  for (let at = 0; at + 1 < words.length; at += 2)
    pairs.set((words[at] as string).slice(1), words[at + 1] as string)
  return pairs
}

/** `digest  ./path`; in a line that starts with a backslash, those of its path are doubled, and each carriage return is `\r`. */
function parseDigests(lines: string[]): Map<string, Digest> {
  return new Map(
    lines.map((line) => {
      const escaped = line.startsWith('\\')
      const text = escaped ? line.slice(1) : line
      const path = text.slice(67)
      const plain = (_: string, letter: string) => (letter === 'r' ? '\r' : letter)
      return [escaped ? path.replaceAll(/\\(.)/g, plain) : path, text.slice(0, 64) as Digest]
    }),
  )
}

/** A file that changes within the same tick of the clock as it is looked at would look the same: hence the short sleep. */
export const inspectProgram = `${section}${signatures}
cd "$1/" || exit
boundary=$2
known=$(while IFS= read -r line && [ -n "$line" ]; do printf '%s\\n' "$line"; done)
paths=$(cat)
each() { printf '%s\\n' "$paths" | tr '\\n' '\\0' | xargs -0 "$@"; }
sleep 0.02 2>/dev/null || sleep 1
section signatures
looks=$(printf '%s\\n' "$paths" | signatures)
printf '%s\\n' "$looks"
section links
(
  IFS='
'
  set -f
  for path in $paths; do
    [ ! -L "$path" ] || printf '%s\\0%s\\0' "$path" "$(readlink "$path")"
  done
)
section digests
paths=$(printf '%s\\n' "$looks" | grep -vxF -e "$known" | cut -d '|' -f 6-)
[ -n "$paths" ] || exit 0
${digest}
each sh -c 'find "$@" -prune -type f ! -size +2047' sh | digests_of_many
each sh -c 'find "$@" -prune -type f -size +2047' sh | digests
exit 0
`
