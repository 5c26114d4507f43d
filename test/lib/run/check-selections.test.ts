import { expect, test } from 'vitest'
import { only } from '../../../lib/model/define-task.ts'
import type { TaskOptions } from '../../../lib/model/task.ts'
import { EngineRig } from '../../rig/engine.ts'
import { Machine, MadeUpFleet } from './made-up-fleet.ts'

type Options = Partial<TaskOptions<any>>

/** A look at a task that needs some outputs of another, where there are two slaves. */
function select(made: Options, ...globs: string[]) {
  const rig = new EngineRig()
  const machines = { 'slave-1': new Machine(), 'slave-2': new Machine() }
  const roles = { master: ['slave-1'], slaves: ['slave-1', 'slave-2'], agents: [] }
  rig.fleet = new MadeUpFleet(machines, roles, 'debian-12-x86_64')
  rig.config = { flavour: 'debug' }
  const maker = rig.task({ name: 'maker', run: async () => {}, ...made })
  const other = rig.task({ name: 'other', run: async () => {} })
  rig.task({ name: 'reader', needs: [other, only(maker, ...globs)], run: async () => {} })
  return rig.look(['reader'])
}

const files = (...files: string[]): Options => ({ outputs: { files } })
const flavours: Options = { outputs: ({ config }) => ({ files: [`out/${config.flavour}/**`] }) }
const ownFolder: Options = { on: 'slaves', outputs: { files: ({ host }) => [`/opt/${host.name}`] } }
const collected: Options = { on: 'master', collect: { files: ['/opt/a.tar'], into: 'dist' } }

test.each<[string[], Options, string]>([
  [['otu/**'], files('out/**'), 'Did you mean `out/**`?'],
  [['out/a', 'out/c'], files('out/a', 'out/b'), 'Did you mean `out/'],
  [['lib'], files('out/**', '!lib'), 'Known are: out/**.'],
  [['out'], {}, 'It has none: need `maker` itself.'],
  [['opt/slave-1'], ownFolder, 'Did you mean `/opt/slave-1`?'],
  [['dist/b.tar'], collected, 'Did you mean `dist/a.tar`?'],
  [['out/release/**'], flavours, 'Known are'],
])('of a task, %o is refused as needed: it makes %o', async (globs, made, advice) => {
  const place = globs.length - 1
  await expect(select(made, ...globs)).rejects.toMatchObject({
    problem: {
      kind: 'bad-task',
      task: 'reader',
      field: `needs[1].only[${place}]`,
      problem: `is "${globs[place]}", which none of the outputs of \`maker\` can match`,
      advice: expect.stringContaining(advice),
    },
  })
})

test.each<[string[], Options]>([
  [['out'], files('out/a')],
  [['./out//a/b'], files('out')],
  [['**/*.o', '!out/x.o'], files('out/**')],
  [['.'], files('out/a')],
  [['/opt/slave-1', '/opt/slave-3'], ownFolder],
  [['**/a.tar'], collected],
  [['out/debug/**', 'out/release/**'], flavours],
  [['out/**'], { outputs: () => ({ files: [] }) }],
  [['/opt/x'], { on: 'agents', ...files('/opt/a') }],
])('of a task, %o can be needed: it makes %o', async (globs, made) => {
  await expect(select(made, ...globs)).resolves.toHaveProperty('reader')
})
