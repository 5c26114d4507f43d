import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandLine, programLine, quote } from '../../../lib/hosts/ssh/quote.ts'
import { Failed } from '../../../lib/model/failure.ts'

const words = fc.array(
  fc
    .oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[ '"`$\\!*?~#&|;<>(){}[\]=%^\n\t-]*$/))
    .map((word) => word.replaceAll('\0', '')),
  { maxLength: 20 },
)

/** What the words are when a shell has read them. */
function readBy(shell: string, line: string): string[] {
  const output = execFileSync(shell, ['-c', line], { encoding: 'buffer' })
  return output.toString().split('\0').slice(0, -1)
}

describe.each(['dash', 'bash', 'fish', 'tcsh'])('%s', (shell) => {
  it('reads quoted words as they were, whatever they hold', () => {
    fc.assert(
      fc.property(words, (some) => {
        const printed = readBy(shell, commandLine(['printf', '%s\\0', '', ...some]))
        expect(printed).toEqual(['', ...some])
      }),
      { numRuns: 100 },
    )
  })

  it('hands them on to a program', () => {
    fc.assert(
      fc.property(words, (some) => {
        const program = `for word in '' "$@"; do printf '%s\\0' "$word"; done # it's "over"`
        expect(readBy(shell, programLine(program, some))).toEqual(['', ...some])
      }),
      { numRuns: 50 },
    )
  })
})

it('leaves plain words readable', () => {
  expect(commandLine(['mv', '-f', '/a/b.txt', 'it is'])).toBe("mv -f /a/b.txt 'it is'")
})

it('quotes what could be a variable, a home, an assignment or a process', () => {
  expect(['$HOME', '~', 'A=b', '%self', ''].map(quote)).toEqual(["'$HOME'", "'~'", "'A=b'", "'%self'", "''"])
})

it('refuses a NUL, which no word can hold', () => {
  expect(() => quote('a\0b')).toThrow(Failed)
})
