import type { Section } from './sections.ts'
import { sectionLines } from './sections.ts'

/** What `tell_platform` of `shell-parts.ts` says. */
export function platformIn(sections: Section[]): string {
  return platformOf(sectionLines(sections, 'release'), sectionLines(sections, 'kernel'))
}

/**
 * `debian-12-x86_64`, from the lines of /etc/os-release and of `uname -s`, `-r` and `-m`. Distributions without
 * releases are known by their name; systems without that file by their kernel.
 */
export function platformOf(release: string[], [system = '', version = '', arch = '']: string[]): string {
  const fields = new Map(
    release.map((line) => {
      const [name = '', ...value] = line.split('=')
      return [
        name.trim(),
        value
          .join('=')
          .trim()
          .replace(/^(["'])(.*)\1$/, '$2'),
      ]
    }),
  )
  const id = fields.get('ID')
  const words = id ? [id, fields.get('VERSION_ID')] : [system.toLowerCase(), version]
  return [...words, arch].filter(Boolean).join('-')
}
