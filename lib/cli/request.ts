import { UsageError } from '../model/problem.ts'
import { findCommand, readOptions, splitArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { allCommands, commands } from './commands.ts'
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
export async function understand(args: string[], shared: Options, targets: string[]): Promise<Request> {
  const possible = await possibleCommands(args)
  const every: Options = Object.assign({}, ...possible.map(({ options }) => options), shared)
  const { command: name, words, texts } = await splitArguments(args, every)
  if (texts.has('help')) return { help: true, name }
  const command = findCommand(name, possible, targets)
  const values = readOptions(texts, { ...command.options, ...shared })
  if (!command.argument && words.length > 0)
    throw new UsageError({ kind: 'too-many-arguments', command: command.name, extra: words })
  return { help: false, command, values, words }
}

/** The command that comes first. Where none does, it takes the options of all to tell a command from an option's value. */
async function possibleCommands([first = '']: string[]): Promise<Command[]> {
  return Object.hasOwn(commands, first) ? [await commands[first]!()] : allCommands()
}
