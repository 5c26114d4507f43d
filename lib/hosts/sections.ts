import { randomBytes } from 'node:crypto'

export interface Section {
  name: string
  content: string
}

/** A word that no output holds by chance. */
export function newBoundary(): string {
  return `--${randomBytes(12).toString('hex')}`
}

/** Parts the output of a program that `section` of `shell-parts.ts` divided. What stands before the first is dropped. */
export function readSections(output: Buffer, boundary: string): Section[] {
  const [, ...parts] = output.toString().split(`\n${boundary} `)
  return parts.map((part) => {
    const end = part.indexOf('\n')
    return { name: part.slice(0, end), content: part.slice(end + 1) }
  })
}

export function sectionLines(sections: Section[], name: string): string[] {
  const content = sections.find((section) => section.name === name)?.content ?? ''
  return content.split('\n').filter((line) => line !== '')
}
