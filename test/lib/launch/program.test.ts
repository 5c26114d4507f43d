import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, lstatSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { Parts } from '../../../lib/cache/parts.ts'
import { lookOf } from '../../../lib/inputs/looks.ts'
import { until } from '../../rig/until.ts'
import { Workspace } from '../../rig/workspace.ts'

const home = fileURLToPath(new URL('../../..', import.meta.url))
const program = join(home, 'build/program.cjs')

beforeAll(() => void execFileSync('npm', ['run', '--silent', 'build'], { cwd: home }))

const files = {
  'tasks/index.ts': `
    import { main } from 'ENGINE'
    import { upper } from './upper.ts'
    await main({ tasks: [upper] })
  `,
  'tasks/upper.ts': `
    import { readFileSync } from 'node:fs'
    import { task } from 'ENGINE'
    export const upper = task({
      module: import.meta.url,
      name: 'upper',
      description: 'Write in capitals',
      inputs: { files: ['in'] },
      outputs: { files: ['out'] },
      async run({ $, log }) {
        log(import.meta.filename)
        await $\`tr a-z A-Z < in > out\`
      },
    })
  `,
  in: 'one',
}

const compiled = (workspace: Workspace, ...args: string[]) => workspace.start(args, { program }).ended

test('what ran under tsx is up to date for the compiled program, and the other way round', async () => {
  const workspace = new Workspace(files)
  await workspace.run('run', 'upper')
  expect(await compiled(workspace, 'run', 'upper')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('upper up to date'),
  })
  workspace.write('in', 'two')
  expect((await compiled(workspace, 'run', 'upper')).stdout).toContain(join(workspace.root, 'tasks/upper.ts'))
  expect(workspace.read('out')).toBe('TWO')
  expect((await workspace.run('run', 'upper')).stdout).toContain('upper up to date')
})

test('an error is shown with the places of the sources that it comes from', async () => {
  const log = 'log(import.meta.filename)'
  const throwing = files['tasks/upper.ts'].replace(log, "throw new Error('not today')")
  const workspace = new Workspace({ ...files, 'tasks/upper.ts': throwing })
  const line = throwing.split('\n').findIndex((text) => text.includes('throw')) + 1
  const { stderr } = await compiled(workspace, 'run', 'upper')
  expect(stderr).toContain(`expected: not today.\n  at Object.run (tasks/upper.ts:${line})\nThis is a bug`)
})

test('it works from any folder of the workspace, and says so where there is none', async () => {
  const workspace = new Workspace({ ...files, 'src/deep/file': '' })
  const from = (cwd: string) => workspace.start(['list'], { program, cwd }).ended
  expect((await from(join(workspace.root, 'src/deep'))).stdout).toBe('upper  Write in capitals\n')
  expect(await from('/')).toMatchObject({
    exitCode: 2,
    stderr: 'Error: No folder from here upwards has a tasks/index.ts.\nGo to a workspace, then try again.\n',
  })
})

const said = {
  builtins: `
    import fs, { existsSync } from 'node:fs'
    import * as path from 'path'
    import { task as again } from 'ENGINE'
    const later = await import('node:os')
    export default [
      fs.existsSync === existsSync, path.sep, again.name, later.EOL,
      import.meta.url, import.meta.filename, import.meta.dirname, typeof __dirname,
    ]
  `,
  packages: `
    import { readFile } from 'node:fs/promises'
    import modern, { init, function as two } from 'modern'
    import * as all from 'modern'
    import old, { three } from 'old'
    const later = await import('modern')
    const before = all.state
    init()
    export default [readFile.name, modern, two, all, before, all.state, old, three, later.two]
  `,
}

test.for(Object.entries(said))('modules that import %s mean the same as under tsx', async ([, says]) => {
  const workspace = new Workspace({
    ...files,
    'node_modules/modern/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/modern/index.js': `
      export default 1; export const two = 2; export { two as function }
      export let state = 'new'; export function init() { state = 'ready' }
    `,
    'node_modules/old/package.json': '{ "main": "index.js" }',
    'node_modules/old/index.js': 'exports.three = 3; exports.own = __dirname',
    'tasks/says.ts': says,
    'tasks/index.ts': `
      import { main } from 'ENGINE'
      import said from './says.ts'
      import { upper } from './upper.ts'
      console.log(JSON.stringify(said))
      export const unheeded = 'by anybody'
      await main({ tasks: [upper] })
    `,
  })
  const { stdout } = await workspace.run('list')
  expect(stdout).toMatch(/^\[.{50,}\]\nupper {2}/)
  const same = { exitCode: 0, signal: null, stdout, stderr: '' }
  expect(await compiled(workspace, 'list')).toEqual(same)
  await compiled(workspace, 'run', 'upper')
  expect(await compiled(workspace, 'list')).toEqual(same)
})

test('each module is read with the settings of its folder', async () => {
  const workspace = new Workspace({
    ...files,
    'tsconfig.json': '{ "compilerOptions": { "useDefineForClassFields": false } }',
    'tasks/index.ts': `
      class Base { constructor() { (this as any).set = 'by Base' } }
      class Sub extends Base { set: unknown }
      console.log(new Sub().set)
      ${files['tasks/index.ts']}
    `,
  })
  const { stdout } = await workspace.run('list')
  expect(stdout).toContain('by Base')
  expect(await compiled(workspace, 'list')).toMatchObject({ stdout })
})

test('an edited task runs as it is now', async () => {
  const workspace = new Workspace(files)
  await compiled(workspace, 'run', 'upper')
  workspace.write('tasks/upper.ts', files['tasks/upper.ts'].replace('tr a-z A-Z', 'tr a-z n-za-m'))
  expect((await compiled(workspace, 'run', 'upper')).stdout).toContain('the code of the task changed')
  expect(workspace.read('out')).toBe('bar')
})

test('a new file that takes the place of an imported one is taken', async () => {
  const workspace = new Workspace({
    ...files,
    'tasks/index.ts': files['tasks/index.ts'].replace('./upper.ts', './upper'),
    'tasks/upper/index.ts': files['tasks/upper.ts'],
    'tasks/upper.ts': '',
  })
  rmSync(join(workspace.root, 'tasks/upper.ts'))
  await compiled(workspace, 'run', 'upper')
  workspace.write('tasks/upper.ts', files['tasks/upper.ts'].replace('Write', 'Put'))
  expect((await compiled(workspace, 'list')).stdout).toBe('upper  Put in capitals\n')
})

test('a kept entry is part of a whole cache', async () => {
  const workspace = new Workspace(files)
  await compiled(workspace, 'run', 'upper')
  expect(await compiled(workspace, 'cache', 'verify')).toMatchObject({
    exitCode: 0,
    stdout: 'The cache is whole.\n',
  })
  expect(existsSync(join(workspace.root, '.cache/entry.js'))).toBe(true)
})

test('a kept entry that was damaged, or whose sources are gone, is made anew', async () => {
  const workspace = new Workspace(files)
  await compiled(workspace, 'run', 'upper')
  await compiled(workspace, 'run', 'upper')
  workspace.write('.cache/entry.js', 'throw new Error("damaged")')
  expect((await compiled(workspace, 'list')).stdout).toBe('upper  Write in capitals\n')
  workspace.write('.cache/entry.json', '{}')
  expect((await compiled(workspace, 'list')).stdout).toBe('upper  Write in capitals\n')
  rmSync(join(workspace.root, 'tasks/upper.ts'))
  expect(await compiled(workspace, 'list')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /^Error: The tasks cannot be loaded:\n {2}index.ts, line 3: Could not resolve/,
    ),
  })
})

test.each(['tasks/upper.ts', 'tasks/names.json', 'tsconfig.json'])(
  'a pipe in the place of %s is not waited for',
  async (path) => {
    const importing = `import names from './names.json'; ${files['tasks/upper.ts'].replace("'upper'", 'names.upper')}`
    const sources = { ...files, 'tasks/upper.ts': importing, 'tasks/names.json': '{ "upper": "upper" }' }
    const workspace = new Workspace({ ...sources, 'tsconfig.json': '{}' })
    for (const _ of [1, 2]) expect(await compiled(workspace, 'run', 'upper')).toMatchObject({ exitCode: 0 })
    const place = join(workspace.root, path)
    rmSync(place)
    execFileSync('mkfifo', [place])
    for (const _ of ['a kept entry', 'none']) {
      expect(await compiled(workspace, 'list')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(`^Error: The tasks cannot be loaded:\n  .*${place} is no file\n$`),
      })
      rmSync(join(workspace.root, '.cache'), { recursive: true, force: true })
    }
  },
)

test('a kept entry counts only for the program that compiled it', async () => {
  const workspace = new Workspace(files)
  await compiled(workspace, 'run', 'upper')
  const { files: from } = JSON.parse(workspace.read('.cache/entry.json').split('\n')[0]!)
  for (const part of ['start', 'engine']) expect(from).toHaveProperty([join(home, `build/${part}.cjs`)])
})

test('in a folder that was removed, it says what is wrong', () => {
  const list = `mkdir gone && cd gone && rmdir ../gone && exec "${process.execPath}" "${program}" list`
  const { status, stderr } = spawnSync('sh', ['-c', list], {
    cwd: new Workspace(files).root,
    encoding: 'utf8',
  })
  expect(stderr).toMatch(/^Error: .*directory.*\n/)
  expect(status).not.toBe(0)
})

test('looking keeps nothing', async () => {
  const workspace = new Workspace(files)
  await compiled(workspace, 'list')
  await compiled(workspace, 'run', 'upper', '--dry-run')
  expect(existsSync(join(workspace.root, '.cache'))).toBe(false)
  await compiled(workspace, 'run', 'upper')
  expect(readdirSync(join(workspace.root, '.cache'))).toContain('entry.json')
})

test('watching starts the compiled program again', async () => {
  const workspace = new Workspace(files)
  const watching = workspace.start(['run', 'upper', '--watch'], { program })
  await watching.printed('Waiting for changes')
  workspace.write('in', 'two')
  await watching.printed('`in` changed')
  watching.child.kill('SIGINT')
  expect((await watching.ended).exitCode).toBe(130)
})

test('it deploys: its packages need nothing of their own folders', async () => {
  const workspace = new Workspace({
    in: 'one',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const deploy = task({
        module: import.meta.url,
        name: 'deploy',
        description: 'Put a file on the host',
        on: 'host',
        inputs: { files: ['in'] },
        outputs: { files: ['/srv/in'] },
        run: ({ host }) => host.upload(['in'], '/srv'),
      })
      await main({
        tasks: [deploy],
        roles: { host: 'one' },
        sandbox: {
          hosts: { host: 1 }, ports: [], standIns: '/nowhere',
          config: () => ({}), furnish() {}, services: () => [],
        },
      })
    `,
  })
  expect(await compiled(workspace, 'run', 'deploy')).toMatchObject({ exitCode: 0 })
  expect(workspace.read('.cache/sandbox/hosts/host/srv/in')).toBe('one')
  expect((await workspace.run('run', 'deploy')).stdout).toContain('deploy@host up to date')
})

test('in a workspace of many files, whatever happened to them before a run is seen', async () => {
  const { workspace, run } = await ofManyFiles()
  const expectations: [() => void, string][] = [
    [() => {}, 'upper up to date'],
    [() => workspace.write('in/0', 'two'), '`in/0` changed'],
    [() => {}, 'upper up to date'],
    [() => workspace.write('in/0', 'two'), 'upper up to date'],
    [() => workspace.write('in/new', ''), '`in/new` is new'],
    [() => rmSync(join(workspace.root, 'out')), 'upper restored'],
    [() => {}, 'upper up to date'],
    [() => workspace.write('out', 'edited'), 'upper restored'],
    [() => rmSync(join(workspace.root, 'in/1')), '`in/1` is gone'],
    [() => {}, 'upper up to date'],
  ]
  for (const [happen, said] of expectations) {
    happen()
    expect(await run()).toContain(said)
  }
})

test.each([
  ["import { writeFileSync as write } from 'node:fs'"],
  ["const { writeFileSync: write } = await import(['node:fs'].join())"],
  ["const { writeFileSync: write } = process.getBuiltinModule('node:fs')"],
  ["const { writeFileSync: write } = process.mainModule.require('node:fs')"],
  ["const { writeFileSync: write } = Function('return process')().mainModule.require('node:fs')"],
  ["import { write } from 'a-package'"],
])('so is what the tasks write while they are loaded, by `%s`', async (code) => {
  const { workspace, run } = await ofManyFiles()
  workspace.write('node_modules/a-package/package.json', '{ "main": "index.js" }')
  workspace.write('node_modules/a-package/index.js', "exports.write = require('fs').writeFileSync")
  const writing = `${code}; if (process.env.WRITES) { ${after(300)} write('in/0', 'two') }`
  workspace.write('tasks/index.ts', `${writing}; ${files['tasks/index.ts']}`)
  for (const _ of [1, 2, 3]) expect(await run()).toContain('upper up to date')
  const { stdout } = await workspace.start(['run', 'upper'], { program, env: { WRITES: 'yes' } }).ended
  expect(stdout).toContain('`in/0` changed')
  expect(workspace.read('out')).toBe('TWO')
})

test('so is what somebody else writes while they wait for him', async () => {
  const { workspace, run } = await ofManyFiles()
  let content = 'one'
  const server = createServer(async (_, response) => {
    await pause(300)
    if (workspace.read('in/0') !== content) workspace.write('in/0', content)
    response.end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { 'tasks/index.ts': entry } = files
  workspace.write('tasks/index.ts', `await fetch('http://127.0.0.1:${port}'); ${entry}`)
  for (const _ of [1, 2, 3]) expect(await run()).toContain('upper up to date')
  content = 'two'
  expect(await run()).toContain('`in/0` changed')
  expect(workspace.read('out')).toBe('TWO')
})

test('files are looked at once, and before tasks are loaded that can write none', async () => {
  const { workspace } = await ofManyFiles()
  workspace.write('bin/find', `#!/bin/sh\ndate +%s%3N >> began\nPATH='${process.env.PATH}' exec find "$@"\n`)
  chmodSync(join(workspace.root, 'bin/find'), 0o755)
  const slow = `${after(500)} console.log('loaded', Date.now())`
  workspace.write('tasks/index.ts', `${slow}; ${files['tasks/index.ts']}`)
  const env = { PATH: `${join(workspace.root, 'bin')}:${process.env.PATH}` }
  const run = () => workspace.start(['run', 'upper'], { program, env }).ended
  await run()
  rmSync(join(workspace.root, 'began'))
  const [, loaded] = /loaded (\d+)/.exec((await run()).stdout)!
  const times = workspace.read('began').trim().split('\n')
  expect(times).toHaveLength(1)
  expect(Number(times[0])).toBeLessThan(Number(loaded))
})

test('what --verify full has found to be wrong is forgotten of surveys, too', async () => {
  const { workspace, run } = await ofManyFiles()
  const at = (path: string) => join(workspace.root, path)
  for (const _ of [1, 2]) expect(await run()).toContain('upper up to date')
  workspace.write('in/0', 'two')
  const digests = new Parts(at('.cache/digests'), workspace.root, () => {})
  // As if that edit could not be seen from outside.
  const unseen = `/0/${lookOf(lstatSync(at('in/0')))}/`
  digests.save([['in', `/${digests.get('in')}`.replace(/\/0(\/[\d.]+){4}\//, unseen).slice(1)]])
  expect(await run()).toContain('upper up to date')
  expect((await compiled(workspace, 'run', 'upper', '--verify', 'full')).stdout).toContain('`in/0` changed')
  for (const _ of [1, 2]) expect(await run()).toContain('upper up to date')
  workspace.write('in/0', 'one')
  await run()
  expect(workspace.read('out')).toBe('ONE')
})

test('very many touched files are read by another thread', async () => {
  const { workspace, run } = await ofManyFiles(
    Array.from({ length: 4200 }, (_, number) => `${'long '.repeat(40)}${number}`),
  )
  workspace.write('spy.cjs', spyOnThreads)
  for (const name of readdirSync(join(workspace.root, 'in')))
    utimesSync(join(workspace.root, 'in', name), 1, 1)
  const output = await run({ NODE_OPTIONS: `--require ${join(workspace.root, 'spy.cjs')}` })
  expect(output).toContain('upper up to date')
  expect(workspace.read('answers')).toBe('1')
})

/** Writes down how many folders another thread has read. */
const spyOnThreads = `
  const threads = require('node:worker_threads')
  threads.Worker = class extends threads.Worker {
    emit(event, ...args) {
      if (event === 'message') require('node:fs').writeFileSync('answers', String(args[0].length))
      return super.emit(event, ...args)
    }
  }
`

/** Code that goes on after some ms, and gives nobody else a turn. */
function after(ms: number): string {
  return `for (const began = Date.now(); Date.now() < began + ${ms};);`
}

/** A workspace in which so many files are wanted that the next run looks at all of them at once. */
async function ofManyFiles(others: string[] = []) {
  const names = [...Array.from({ length: 600 }, (_, number) => `${number}`), ...others].map(
    (name) => `in/${name}`,
  )
  const many = {
    ...files,
    'tasks/upper.ts': files['tasks/upper.ts'].replace(`['in']`, `['in/*']`).replace('< in', '< in/0'),
  }
  const { in: _, ...tasks } = many
  const workspace = new Workspace({ ...tasks, ...Object.fromEntries(names.map((name) => [name, 'one'])) })
  const run = async (env = {}) => (await workspace.start(['run', 'upper'], { program, env }).ended).stdout
  await run()
  await until(() => existsSync(join(workspace.root, '.cache/survey.json')) || run().then(() => false))
  return { workspace, run }
}
