import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { format, isSameLook, isToldAlike, lookOf, toldBy } from '../../../lib/inputs/looks.ts'

/** In seconds since the epoch, with all that may be lost of them on the way. */
const times = [
  '-86400.000000001',
  '-0.5',
  '0',
  '0.999999999',
  '951782400.000000001',
  '1732918576.123456789',
  '1732918576.999999999',
  '4294967296.5',
  ...Array.from({ length: 100 }, (_, index) => `${1_700_000_000 + index}.${123_456_789 + index * 7_654_321}`),
]

/** A file of each of the times, as `find` and `lstat` tell it. */
function filesOfTheTimes() {
  const root = mkdtempSync(join(tmpdir(), 'looks-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: root, encoding: 'utf8' })
  return times.map((time, index) => {
    const path = join(root, `${index}`)
    writeFileSync(path, '')
    run('touch', '-m', '-d', `@${time}`, path)
    return { time, path, look: run('find', path, '-printf', format), told: lstatSync(path) }
  })
}

test('a file looks the same to `find` as to `lstat`, whatever its times are', () => {
  for (const { time, look, told } of filesOfTheTimes()) {
    const isSame = [
      isToldAlike(toldBy(look), told),
      isToldAlike(toldBy(lookOf(told)), told),
      isSameLook(look, lookOf(told)),
    ]
    expect({ time, isSame }).toEqual({ time, isSame: [true, true, true] })
  }
})

test('another file looks otherwise, and so does one that was touched', () => {
  const [file, other] = filesOfTheTimes() as [ReturnType<typeof filesOfTheTimes>[0], { look: string }]
  expect(isSameLook(file.look, other.look)).toBe(false)
  utimesSync(file.path, 1, 1)
  expect(isSameLook(file.look, lookOf(lstatSync(file.path)))).toBe(false)
})
