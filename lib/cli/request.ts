import { UsageError } from '../model/problem.ts'
import { findCommand, readOptions, splitArguments } from './arguments.ts'
import type { Command } from './command.ts'
import type { Options } from './option.ts'

/** What a command line asks for. */
export type Request =
  | { help: true; name: string | undefined }
  | { help: false; command: Command; values: Record<string, any>; words: string[] }

/**
 * Understands a command line, or refuses it with a suggestion.
 * @param shared the options that every command takes
 * @param targets names that may be mistaken for commands
 */
export function understand(args: string[], commands: Command[], shared: Options, targets: string[]): Request {
  const every: Options = Object.assign({}, ...commands.map(({ options }) => options), shared)
  const { command: name, words, texts } = splitArguments(args, every)
  if (texts.has('help')) return { help: true, name }
  const command = findCommand(name, commands, targets)
  const values = readOptions(texts, { ...command.options, ...shared })
  if (!command.argument && words.length > 0)
    throw new UsageError({ kind: 'too-many-arguments', command: command.name, extra: words })
  return { help: false, command, values, words }
}
