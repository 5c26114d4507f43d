import { nearest } from '../model/nearest.ts'
import { UsageError } from '../model/problem.ts'
import type { Command } from './command.ts'
import type { Options, Values } from './option.ts'

/** The command line as written: which command, its words, and every option with all its texts. */
export interface Arguments {
  /** Undefined: none was named. */
  command: string | undefined
  words: string[]
  texts: Map<string, string[]>
}

/**
 * Splits a command line. What it means is checked in `readOptions`: the parser itself would take `--jobs x` for a
 * number, keep only the last of two values and let `--quiet=maybe` pass.
 * @param options all that any command takes, so that an option may also stand before the command
 */
export async function splitArguments(args: string[], options: Options): Promise<Arguments> {
  // The usual command line has no options: it is started faster without the parser.
  if (!args.some((arg) => arg.startsWith('-')))
    return { command: args[0], words: args.slice(1), texts: new Map() }
  const names = Object.keys(options)
  const flags = names.filter((name) => !options[name]!.placeholder)
  for (const name of flags)
    if (optionsOf(args).some((arg) => arg.startsWith(`--${name}=`)))
      throw new UsageError({ kind: 'bad-option', option: `--${name}`, problem: 'takes no value' })
  const { default: parse } = await import('yargs-parser')
  const { _, ...given } = parse(args, {
    string: [...names, '_'],
    narg: Object.fromEntries(flags.map((name) => [name, 0])),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    },
  })
  const [command, ...words] = _.map(String)
  const texts = Object.entries(given).map(([name, value]) => [name, [value].flat().map(String)] as const)
  return { command, words, texts: new Map(texts) }
}

/** The options that a command takes, read; one that it does not take is refused with a suggestion. */
export function readOptions<O extends Options>(texts: Map<string, string[]>, options: O): Values<O> {
  const known = Object.keys(options)
  for (const name of texts.keys()) {
    if (known.includes(name)) continue
    const meant = nearest(name, known)[0]
    throw new UsageError({
      kind: 'bad-option',
      option: name.length === 1 ? `-${name}` : `--${name}`,
      problem: 'is not an option here',
      ...(meant && { nearest: `--${meant}` }),
    })
  }
  const values = Object.entries(options).map(([name, option]) => [
    name,
    option.read(texts.get(name) ?? [], name),
  ])
  return Object.fromEntries(values)
}

export function findCommand(name: string | undefined, commands: Command[], targets: string[]): Command {
  const found = commands.find((command) => command.name === name)
  if (found) return found
  const known = commands.map(({ name }) => name)
  if (name === undefined) throw new UsageError({ kind: 'no-command', known })
  const isTarget = targets.includes(name.replace(/@.*/s, ''))
  throw new UsageError({ kind: 'no-such-command', name, nearest: nearest(name, known), known, isTarget })
}

function optionsOf(args: string[]): string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}
