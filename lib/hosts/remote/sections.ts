import { randomBytes } from 'node:crypto'
import { refuse } from '../../model/failure.ts'
import type { Remote } from './remote.ts'

export interface Section {
  name: string
  content: string
}

/** A word that no output holds by chance. */
export function newBoundary(): string {
  return `--${randomBytes(12).toString('hex')}`
}

/** Parts the output of a program that `section` of `shell-parts.ts` divided. Nothing stands before the first. */
export function readSections({ host }: Remote, output: Buffer, boundary: string): Section[] {
  const [before = '', ...parts] = output.toString().split(`\n${boundary} `)
  if (before !== '')
    refuse(
      `The login shell on ${host.name} prints something of its own before what a command does: \`${before.split('\n')[0]}\`.`,
      'Keep its startup files (`.bashrc`, `.cshrc`, `config.fish`, …) silent where there is no terminal.',
    )
  return parts.map((part) => {
    const end = part.indexOf('\n')
    return { name: part.slice(0, end), content: part.slice(end + 1) }
  })
}

export function sectionLines(sections: Section[], name: string): string[] {
  const content = sections.find((section) => section.name === name)?.content ?? ''
  return content.split('\n').filter((line) => line !== '')
}
