import { refuse } from '../model/failure.ts'

/** One word for a POSIX shell, whatever it holds. A NUL cannot be in a word and is refused. */
export function quote(word: string): string {
  if (word.includes('\0'))
    refuse(
      `A command cannot hold a NUL character: ${JSON.stringify(word)}.`,
      'Pass such content in a file or over stdin.',
    )
  return /^[A-Za-z0-9_%+:,./@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A command line that a POSIX shell reads as exactly these arguments. */
export function commandLine(argv: string[]): string {
  return argv.map(quote).join(' ')
}

/** A command line that runs a program of POSIX sh, whatever the login shell is, with `$1`, `$2`, … */
export function programLine(program: string, args: string[]): string {
  return commandLine(['sh', '-c', program, 'sh', ...args])
}
