import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redacted, redactor } from '../../../lib/model/redact.ts'

const letters = (limits: fc.StringConstraints) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '\n'), ...limits })
const secrets = fc.array(letters({ maxLength: 5 }), { maxLength: 4 })
const pieces = fc.array(letters({ maxLength: 8 }), { maxLength: 8 })

test('a text shows the same however it is cut, and nothing of any secret', () => {
  fc.assert(
    fc.property(secrets, pieces, (secrets, pieces) => {
      const { add, end } = redactor(secrets)
      const shown = pieces.map(add).join('') + end()
      expect(shown).toBe(hidden(pieces.join(''), secrets))
    }),
    { numRuns: 5000, verbose: true },
  )
})

test('what cannot become a secret any more is shown at once', () => {
  const { add, end } = redactor(['secret', 'secretary'])
  expect(add('a plain line\n')).toBe('a plain line\n')
  expect(add('the sec')).toBe('the ')
  expect(add('ond line\n')).toBe('second line\n')
  expect(add('my secret')).toBe('my ')
  expect(end()).toBe('***')
})

test('the longer lines of a secret are hidden each for itself', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADAN\nshort\n-----END KEY-----\n'
  expect(redacted('tail:\nMIIEvQIBADAN\nshort\n', [key])).toBe('tail:\n***\nshort\n')
})

/** Said a second time: every character that is part of some occurrence is hidden, and each stretch of them is `***`. */
function hidden(text: string, secrets: string[]): string {
  const isSecret = Array.from(text, () => false)
  for (const secret of secrets.map((one) => one.trim()).filter((one) => one !== ''))
    for (let at = 0; at + secret.length <= text.length; at++)
      if (text.slice(at, at + secret.length) === secret) isSecret.fill(true, at, at + secret.length)
  const marked = Array.from(text, (letter, at) => (isSecret[at] ? '*' : letter)).join('')
  return marked.replace(/\*+/g, '***')
}
