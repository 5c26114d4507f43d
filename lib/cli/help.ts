import type { Command } from './command.ts'
import type { Options } from './option.ts'

const program = 'npx tsx tasks'

/** What `--help` shows: of one command, or of all. Loads yargs itself, which reading a command line does not need. */
export async function help(name: string | undefined, commands: Command[], common: Options): Promise<string> {
  const command = commands.find((command) => command.name === name)
  const { default: yargs } = await import('yargs')
  const page = yargs([]).scriptName(program).help(false).version(false).locale('en').wrap(100)
  if (command) {
    page.usage(`$0 ${[command.name, command.argument].filter(Boolean).join(' ')}\n\n${command.summary}`)
    for (const [name, option] of Object.entries(command.options as Options))
      page.option(name, shown(option, 'Options:'))
  } else {
    page.usage('$0 COMMAND\n\nRuns tasks, and skips those whose results still stand.')
    for (const { name, argument, summary } of commands)
      page.command([name, argument].filter(Boolean).join(' '), summary)
  }
  for (const [name, option] of Object.entries(common)) page.option(name, shown(option, 'Common options:'))
  return `${await page.getHelp()}\n`
}

function shown({ placeholder, description }: Options[string], group: string) {
  return { group, description: placeholder ? `${placeholder}: ${description}` : description }
}
