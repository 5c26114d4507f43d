import { parseAge } from '../model/age.ts'
import { nearest } from '../model/nearest.ts'
import { UsageError } from '../model/problem.ts'
import { parseSize } from '../model/size.ts'

/** An option of the command line: how help shows it, and how what was written becomes a value. */
export interface Option<T> {
  /** What stands for the value in help. Absent: a flag, which takes none. */
  placeholder?: string
  description: string
  /**
   * @param texts each value as written, in order; empty when the option was not given
   * @throws UsageError when they make no value
   */
  read(texts: string[], name: string): T
}

export type Options = Record<string, Option<any>>

export type Values<O extends Options> = { [Name in keyof O]: O[Name] extends Option<infer T> ? T : never }

export function flag(description: string): Option<boolean> {
  return { description, read: (texts) => texts.length > 0 }
}

export function text(placeholder: string, description: string): Option<string | undefined> {
  return { placeholder, description, read: single }
}

/** A whole number from 1. */
export function count(description: string): Option<number | undefined> {
  const read = (texts: string[], name: string) => {
    const given = single(texts, name)
    if (given === undefined) return undefined
    if (!/^[1-9]\d{0,8}$/.test(given)) throw bad(name, `must be a whole number from 1, not \`${given}\``)
    return Number(given)
  }
  return { placeholder: 'N', description, read }
}

/** Bytes. */
export function size(description: string): Option<number | undefined> {
  return measure('SIZE', description, { parse: parseSize, form: '`5GB`, `500MB` or `10GiB`', unit: 'GB' })
}

/** Milliseconds. */
export function age(description: string): Option<number | undefined> {
  return measure('AGE', description, { parse: parseAge, form: '`12h`, `30d` or `2w`', unit: 'd' })
}

/** Items between commas; the option may also be repeated. */
export function list(placeholder: string, description: string): Option<string[]> {
  const read = (texts: string[], name: string) =>
    texts.flatMap((given) => {
      const items = given.split(',').map((item) => item.trim())
      if (items.includes('')) throw bad(name, given === '' ? 'needs a value' : 'has an empty item')
      return items
    })
  return { placeholder, description, read }
}

/** One of some words; the first is meant when the option is not given. */
export function choice<const C extends string>(words: readonly C[], description: string): Option<C> {
  const read = (texts: string[], name: string) => {
    const given = single(texts, name) ?? words[0]
    const word = words.find((known) => known === given)
    if (word) return word
    throw bad(name, `must be ${words.join(', ')}; it is \`${given}\``, nearest(String(given), [...words])[0])
  }
  return { placeholder: words.join('|'), description, read }
}

/** `form`: some that can be read; `unit`: what is probably meant by a number without one. */
function measure(
  placeholder: string,
  description: string,
  { parse, form, unit }: { parse(text: string): number | undefined; form: string; unit: string },
): Option<number | undefined> {
  const read = (texts: string[], name: string) => {
    const given = single(texts, name)
    const value = given === undefined ? undefined : parse(given)
    if (given === undefined || value !== undefined) return value
    throw bad(
      name,
      `must be such as ${form}, not \`${given}\``,
      parse(`${given}${unit}`) === undefined ? undefined : `${given}${unit}`,
    )
  }
  return { placeholder, description, read }
}

function single(texts: string[], name: string): string | undefined {
  if (texts.length > 1) throw bad(name, `was given ${texts.length} times`)
  if (texts[0] === '') throw bad(name, 'needs a value')
  return texts[0]
}

function bad(name: string, problem: string, meant?: string): UsageError {
  return new UsageError({
    kind: 'bad-option',
    option: `--${name}`,
    problem,
    ...(meant && { nearest: meant }),
  })
}
