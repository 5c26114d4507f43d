import { refuse } from '../../model/failure.ts'

/** One word for a POSIX shell, whatever it holds. A NUL cannot be in a word and is refused. */
export function quote(word: string): string {
  if (word.includes('\0'))
    refuse(
      `A command cannot hold a NUL character: ${JSON.stringify(word)}.`,
      'Pass such content in a file or over stdin.',
    )
  return /^[A-Za-z0-9_+:,./@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A command line that any login shell reads as exactly these arguments: one of POSIX, fish, and csh. */
export function commandLine(argv: string[]): string {
  const line = argv.map(quote).join(' ')
  return readAlike.test(line) ? line : runBySh(`exec ${line}`)
}

/** Outside and between single quotes, these shells differ about `\`, `!`, line breaks, and what is not ASCII. */
const readAlike = /^[ "-[\]-~]*$/

/** What they would differ about is escaped, so that they hand it on; sh puts it back. */
function runBySh(program: string): string {
  const bytes = Buffer.from(program).toString('latin1')
  const escaped = bytes.replaceAll(/[^ "-&(-[\]-~]/g, (byte) => {
    const octal = byte.charCodeAt(0).toString(8)
    return `\\0${octal.padStart(3, '0')}`
  })
  return `exec sh -c 'eval "$(printf %b "$1")"' sh '${escaped}'`
}

/** A command line that runs a program of POSIX sh with `$1`, `$2`, … */
export function programLine(program: string, args: string[]): string {
  return runBySh(`set -- ${args.map(quote).join(' ')}\n${program}`)
}
