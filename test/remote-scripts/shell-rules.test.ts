import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(dirname(dirname(import.meta.dirname)), 'remote-scripts')
const names = readdirSync(folder).filter((name) => name.endsWith('.sh'))

it('shellcheck finds nothing', () => {
  execFileSync(
    'shellcheck',
    names.map((name) => join(folder, name)),
  )
})

describe.each(names)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8')
  const lines = text.split('\n')

  it('has at most 100 lines, and says on one of the first what it does', () => {
    expect(lines.length).toBeLessThanOrEqual(101)
    expect(lines[1]).toMatch(/^# \S.*[.:]$|^# \S.*\.$/)
  })

  it('stops at the first error', () => {
    if (!name.startsWith('lib')) expect(lines[2]).toBe('set -euo pipefail')
  })

  it('names no absolute path but through ROOT', () => {
    const bare = lines
      .filter((line) => !line.startsWith('#'))
      .flatMap((line) => line.match(/(?<![\w}$"*.)])"?\/(etc|usr|var|tmp|opt|home|root|srv)\b[^ ]*/g) ?? [])
      .filter((path) => !sentences.some((sentence) => sentence.includes(path)))
    expect(bare).toEqual([])
  })
})

/** Paths in what a script says, where they are as on the host; and the path that init scripts search. */
const sentences = [
  'it is neither in /usr/local/gradle-$1 nor',
  'PATH="\\$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"',
]
