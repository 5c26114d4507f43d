import { expect, test } from 'vitest'
import { Workspace } from '../../rig/workspace.ts'

const declared = (options: string) => `
  import { main, task } from 'ENGINE'
  const it = task({ module: import.meta.url, name: 'it', description: 'It', ${options}, async run() {} })
  await main({ tasks: [it] })
`

test.each([
  ["inputs: { files: ['src/[a'] }", '`inputs.files[0]` is "src/[a"'],
  ["outputs: { files: ['../x'] }", '`outputs.files[0]` is "../x": a path must not climb with `..`'],
  ["timeout: '0s'", '`timeout` is "0s"'],
  ['inputs: { values: () => ({ at: new Date() }) }', '`inputs.values.at` is a Date'],
  [
    "inputs: { values: () => { throw new Error('no such platform') } }",
    'could not be told: no such platform',
  ],
  ['inputs: { values: async () => ({}) }', 'must be an object of JSON values, not a Promise'],
  ["inputs: { env: () => Promise.reject(new Error('late')) }", 'must be an array of names of variables'],
  ['inputs: { values: ({ host }) => ({ name: host.name }) }', 'it reads `host`, and its task is on none'],
  ['outputs: () => { process.exit(0) }', '`outputs` could not be told: it called `process.exit(0)`'],
  ["inputs: { env: ['TOKEN'], secrets: () => ['TOKEN'] }", '`inputs.secrets` holds `TOKEN`'],
])('%s is told in one sentence, without a stack, with exit code 2', async (options, words) => {
  const it = new Workspace({ 'tasks/index.ts': declared(options) })
  const { exitCode, stdout, stderr } = await it.run('run', 'it')
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr.split('\n')[0]).toContain(`Error: Task \`it\` (${it.root}/tasks/index.ts): `)
  expect(stderr.split('\n')[0]).toContain(words)
  expect(stderr).not.toMatch(/^ *at /m)
})

test('modules of tasks that import each other are told apart from bugs', async () => {
  const one = (name: string, other: string) => `
    import { task } from 'ENGINE'
    import { ${other} } from './${other}.ts'
    export const ${name} = task({ module: import.meta.url, name: '${name}', description: 'It', needs: [${other}], async run() {} })
  `
  const it = new Workspace({
    'tasks/index.ts': "import { main } from 'ENGINE'\nimport { a } from './a.ts'\nawait main({ tasks: [a] })",
    'tasks/a.ts': one('a', 'b'),
    'tasks/b.ts': one('b', 'a'),
  })
  const { exitCode, stdout, stderr } = await it.run('list')
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(`\`a\` is used in ${it.root}/tasks/b.ts before it is defined`)
  expect(stderr).not.toMatch(/^ *at /m)
})
