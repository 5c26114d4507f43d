import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

const workspace = () =>
  new Workspace({
    'in.txt': 'one\n',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const first = task({
        module: import.meta.url,
        name: 'first',
        description: 'Copy the input',
        inputs: { files: ['in.txt'] },
        outputs: { files: ['build/first.txt'] },
        async run({ $ }) {
          await $\`cp in.txt build/first.txt\`
        },
      })
      const second = task({
        module: import.meta.url,
        name: 'second',
        description: 'Copy the copy',
        needs: [first],
        outputs: { files: ['build/second.txt'] },
        async run({ $ }) {
          await $\`cp build/first.txt build/second.txt\`
        },
      })
      await main({ tasks: [first, second] })
    `,
  })

const looks = [['list'], ['graph', 'second'], ['why', 'second'], ['status'], ['run', 'second', '--dry-run']]

test('looking writes nothing at all, and what would have run runs afterwards', {
  timeout: 120_000,
}, async () => {
  const work = workspace()
  await lookAround(work)
  expect(await statuses(work)).toEqual({ first: 'ran', second: 'ran' })
  work.write('in.txt', 'two\n')
  rmSync(join(work.root, 'build/second.txt'))
  await lookAround(work)
  expect(await statuses(work)).toEqual({ first: 'ran', second: 'ran' })
})

async function lookAround(work: Workspace): Promise<void> {
  const before = tree(work.root)
  for (const look of looks) {
    expect(await work.run(...look)).toMatchObject({ stderr: '' })
    expect({ [look.join(' ')]: tree(work.root) }).toEqual({ [look.join(' ')]: before })
  }
}

async function statuses(work: Workspace): Promise<Record<string, string>> {
  const { stdout } = await work.run('run', 'second', '--log-format', 'json')
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return Object.fromEntries(
    events.flatMap(({ type, task, status }) => (type === 'task-end' ? [[task, status]] : [])),
  )
}

/** Every file and folder with all that a write would change. */
function tree(root: string): Record<string, string> {
  const paths = ['.', ...readdirSync(root, { recursive: true }).map(String)]
  return Object.fromEntries(
    paths.map((path) => {
      const { size, mode, ino, mtimeMs, ctimeMs } = lstatSync(join(root, path))
      return [path, [size, mode, ino, mtimeMs, ctimeMs].join(' ')]
    }),
  )
}
