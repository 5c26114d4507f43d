import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findCommand, readOptions, splitArguments } from '../lib/cli/arguments.ts'
import { allCommands } from '../lib/cli/commands.ts'
import { commonOptions, roleOptions } from '../lib/cli/common-options.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(`${root}/README.md`, 'utf8')
const common = { ...commonOptions, ...roleOptions({ master: 'one', slaves: 'many' }) }
const commands = await allCommands()
const every = Object.assign({}, ...commands.map(({ options }) => options), common)

const { tasks } = JSON.parse(tasksProgram('graph', '--format', 'json'))
const targets: string[] = tasks.map(({ name }: { name: string }) => name)

describe('the README', () => {
  const lines = [...readme.matchAll(/npx tsx tasks ([a-z][^`\n&]*)/g)].map((match) => match[1]!.trim())

  test.each(lines)('shows a command that the program takes: %s', async (line) => {
    const { command, words, texts } = await splitArguments(line.split(' '), every)
    const { name, options } = findCommand(command, commands, targets)
    readOptions(texts, { ...options, ...common })
    if (['run', 'why', 'logs'].includes(name))
      for (const word of words) expect(targets).toContain(word.replace(/@.*/, ''))
  })

  test('names every command and every option, and none that is not', () => {
    const said = new Set(readme.match(/(?<=`|, |\s)--[a-z][a-z-]+(?=[`\s,])/g))
    const known = Object.keys(every).map((name) => `--${name}`)
    const others = ['--write', '--project']
    expect([...said].filter((option) => !others.includes(option)).sort()).toEqual(known.sort())
    for (const { name } of commands) expect(readme).toMatch(new RegExp(`^\\| \`${name}\\b`, 'm'))
  })

  test('draws the graph of `start` as it is', () => {
    expect(readme).toContain(`\`\`\`mermaid\n${tasksProgram('graph', 'start', '--format', 'mermaid')}\`\`\``)
  })

  test('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map((match) => match[1]!)
    expect(links).not.toHaveLength(0)
    expect(links.filter((link) => !existsSync(`${root}/${link}`))).toEqual([])
  })

  test('has a row for each target', () => {
    for (const target of targets) expect(readme).toContain(`\n| \`${target}\` |`)
  })
})

describe("the deployment's README", () => {
  const text = readFileSync(`${root}/tasks/README.md`, 'utf8')
  const sections = new Map(
    text.split(/^### /m).map((section) => {
      const [name, ...lines] = section.split(/^##? /m)[0]!.split('\n')
      return [name!, lines.join('\n').trim()]
    }),
  )

  test.each(targets)('says of %s where it runs, what it leaves there, and how to undo it', (target) => {
    const where =
      /^(On (the operator's machine|the master|every slave|every host)|Nothing of its own, anywhere)\b/
    expect(sections.get(target)).toMatch(where)
    expect(sections.get(target)).toMatch(/^- \*Leaves\*: .*?\*Undo\*: /ms)
  })
})

function tasksProgram(...args: string[]): string {
  return execFileSync(process.execPath, ['--import', 'tsx', 'tasks/index.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
}
