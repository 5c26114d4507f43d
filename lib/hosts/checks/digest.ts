import { Failed, refuse } from '../../model/failure.ts'
import { isGlob, normalPattern } from '../../model/pattern.ts'
import type { Remote } from '../remote/remote.ts'
import { mustRun } from '../remote/remote.ts'
import type { Inspected, Verified } from './inspect.ts'
import { inspectFiles, patience } from './inspect.ts'

/**
 * The files that absolute paths and globs stand for, less the host's root: `*` and `?` within a name, `**` across
 * folders; `!` excludes; a plain path of a folder stands for all that is in it. Links are not followed.
 */
export async function digestFiles(
  remote: Remote,
  patterns: string[],
  verified: Verified = new Map(),
): Promise<Map<string, Inspected>> {
  // What was verified lies there as a file, unless somebody has been there since.
  if (patterns.every((path) => verified.has(path) && !isGlob(path))) {
    const inspected = await inspectFiles(remote, patterns, verified)
    if (inspected.size === patterns.length) return inspected
  }
  const paths = await expand(remote, patterns)
  const inspected = await inspectFiles(remote, paths, verified)
  const unreadable = paths.find((path) => !inspected.has(path))
  if (unreadable !== undefined)
    refuse(
      `${unreadable} on ${remote.host.name} cannot be read by ${(await remote.connection()).user}.`,
      'What a task makes on a host must be readable by the user that logs in there: let its script set mode or owner.',
    )
  return inspected
}

async function expand(remote: Remote, patterns: string[]): Promise<string[]> {
  const normal = patterns.map(normalPattern)
  const wanted = normal.filter((pattern) => !pattern.startsWith('!'))
  const excluded = normal.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  if (wanted.length === 0) return []
  const input = wanted.map((pattern) => `.${baseOf(pattern)}\n${findPattern(pattern)}\n`).join('')
  const { stdout } = await mustRun(remote, 'find', listProgram, [remote.host.root], { input, patience })
  const found = stdout
    .toString()
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => path.slice(1))
  const matching = found.filter((path) => wanted.some(matcher(path)) && !excluded.some(matcher(path)))
  const broken = matching.find((path) => path.includes('\n'))
  if (broken !== undefined)
    throw new Failed({
      kind: 'refused',
      problem: `The name of ${JSON.stringify(broken)} on ${remote.host.name} holds a line break.`,
      advice: 'Such files cannot be outputs: rename it, or exclude it with `!`.',
    })
  return [...new Set(matching)].sort()
}

const matcher = (path: string) => (pattern: string) => patternToRegExp(pattern).test(path)

/** The longest folder that everything a glob matches lies in; a plain path itself. */
function baseOf(pattern: string): string {
  if (!isGlob(pattern)) return pattern
  const parts = pattern.split('/')
  return parts.slice(0, parts.findIndex(isGlob)).join('/') || '/'
}

/** For `find -path`, whose `*` crosses folders: it matches at least what the glob does. */
function findPattern(pattern: string): string {
  if (!isGlob(pattern)) return '*'
  return `.${pattern}`
    .replace(/[[\]\\]/g, '\\$&')
    .replaceAll('**/', '*')
    .replace(/\*+/g, '*')
}

export function patternToRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    return token === '?' ? '[^/]' : `\\${token}`
  })
  return new RegExp(`^${source}${isGlob(pattern) ? '' : '(?:/.*)?'}$`, 's')
}

export const listProgram = `
cd "$1/" || exit
while IFS= read -r base && IFS= read -r pattern; do
  [ -e "$base" ] || [ -L "$base" ] || continue
  find "$base" \\( -type f -o -type l \\) -path "$pattern" -print0 || exit
done
`
