import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { digestOf } from '../../../lib/model/digest.ts'
import { sandboxDown } from '../../../lib/sandbox/down.ts'
import { Workspace } from '../../rig/workspace.ts'

const bundle = 'content'.repeat(1_000_000)

/** A workspace of the sandbox whose `spread` puts seven megabytes onto two slaves. */
const workspace = (more = '') => {
  const it = new Workspace({
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const module = import.meta.url
      const spread = task({ module, name: 'spread', description: 'Spread', on: 'slaves', inputs: { files: ['bundle'] },
        async run({ host, root }) { await host.upload([root + '/bundle'], '/opt') } })
      await main({ tasks: [spread], roles: { master: 'one', slaves: 'many' }, ${more}
        sandbox: { hosts: { master: 1, slaves: 2 }, ports: [], standIns: import.meta.dirname, config: () => ({}),
          furnish: async () => {}, services: () => [] } })`,
    bundle,
  })
  onTestFinished(() => sandboxDown({ root: it.root, remove: true }).then(() => {}))
  return it
}

const onHost = (it: Workspace, host: string, path: string) =>
  join(it.root, '.cache/sandbox/hosts', host, path)
const stored = `var/lib/aurora-mesosphere/store/${digestOf(bundle)}`

/** What became of a run: whether the slaves have the bundle, and whether the master had a part in it. */
const outcome = (it: Workspace, { exitCode, stderr }: { exitCode: number | null; stderr: string }) => ({
  exitCode,
  arrived: ['slave-1', 'slave-2'].every(
    (host) => readFileSync(onHost(it, host, 'opt/bundle'), 'utf8') === bundle,
  ),
  byMaster: existsSync(onHost(it, 'master', stored)),
  warnings: stderr.split('\n').filter((line) => line.startsWith('Warning')),
})

test('files come to hosts from the one that --via names', async () => {
  const it = workspace()
  const ended = await it.run('run', 'spread', '--via', 'master')
  expect(outcome(it, ended)).toEqual({ exitCode: 0, arrived: true, byMaster: true, warnings: [] })
})

test('a workspace names that host itself, and --via goes before it', async () => {
  const it = workspace(`via: () => 'master',`)
  const direct = await it.run('run', 'spread', '--via', 'none')
  expect(outcome(it, direct)).toEqual({ exitCode: 0, arrived: true, byMaster: false, warnings: [] })
  await sandboxDown({ root: it.root, remove: true })
  expect(outcome(it, await it.run('run', 'spread', '--no-cache'))).toMatchObject({
    arrived: true,
    byMaster: true,
  })
})

test('hosts that cannot fetch are sent the files, and named', async () => {
  const it = workspace()
  for (const name of ['curl', 'wget']) {
    it.write(`tasks/${name}`, '#!/bin/sh\necho "no way" >&2\nexit 7\n')
    chmodSync(join(it.root, `tasks/${name}`), 0o755)
  }
  const { exitCode, arrived, warnings } = outcome(it, await it.run('run', 'spread', '--via', 'master'))
  expect({ exitCode, arrived }).toEqual({ exitCode: 0, arrived: true })
  expect(warnings.sort()).toEqual(
    ['slave-1', 'slave-2'].map(
      (host) =>
        `Warning: \`${host}\` cannot fetch files from \`master\` (no way): they are sent to it directly.`,
    ),
  )
})

test('--via must name a host of the cluster', async () => {
  const { exitCode, stderr } = await workspace().run('run', 'spread', '--via', 'slave-9')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('`--via` must be a host of this cluster, or `none`, not `slave-9`. Did you mean')
})
