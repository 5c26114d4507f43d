import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { format, isLookOf, isSameLook, lookOf } from '../../../lib/inputs/looks.ts'

/** Files with times to the nanosecond between 1971 and 2106, as `find` and `lstat` tell them. */
function manyFiles() {
  const root = mkdtempSync(join(tmpdir(), 'looks-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const names = Array.from({ length: 300 }, (_, index) => `${index}`)
  for (const name of names) writeFileSync(join(root, name), name)
  const touches = names.map((name) => {
    const seconds = 31_536_000 + Math.floor(Math.random() * 4_260_000_000)
    const nanoseconds = Math.floor(Math.random() * 1e9)
    return `touch -m -d @${seconds}.${String(nanoseconds).padStart(9, '0')} ${name}`
  })
  execFileSync('sh', ['-c', touches.join('\n')], { cwd: root })
  const looks = execFileSync('find', [...names, '-printf', `${format}\n`], { cwd: root, encoding: 'utf8' })
  return looks
    .trim()
    .split('\n')
    .map((look, index) => ({
      look,
      path: join(root, names[index]!),
      stat: lstatSync(join(root, names[index]!)),
    }))
}

test('a file looks the same to `find` as to `lstat`, whatever its times are', () => {
  const wrong = manyFiles().filter(
    ({ look, stat }) =>
      !isLookOf(look, stat) || !isLookOf(lookOf(stat), stat) || !isSameLook(look, lookOf(stat)),
  )
  expect(wrong).toEqual([])
})

test('other files look otherwise, and so does one that was touched', () => {
  const files = manyFiles()
  const isAnother = (index: number) => {
    const { look, stat } = files[index]!
    const other = files[(index + 1) % files.length]!
    return (
      !isLookOf(look, other.stat) &&
      !isSameLook(look, other.look) &&
      !isSameLook(look, lookOf(other.stat)) &&
      !isLookOf(lookOf(stat), other.stat)
    )
  }
  expect(files.filter((_, index) => !isAnother(index))).toEqual([])
  const [{ look, path }] = files as [(typeof files)[0]]
  utimesSync(path, 1, 1)
  expect(isLookOf(look, lstatSync(path))).toBe(false)
})
