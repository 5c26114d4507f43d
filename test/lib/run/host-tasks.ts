import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FactSource } from '../../../lib/model/host.ts'
import type { RunContext, Task } from '../../../lib/model/task.ts'
import type { EngineRig } from '../../rig/engine.ts'
import {
  type FactOf,
  factSource,
  flavourFile,
  folderOf,
  type HostStep,
  type HostWorld,
  half,
  leavesHalf,
  lifeOf,
  make,
  type Place,
} from './host-oracle.ts'

const roles: Record<Place, string[]> = { here: [], one: ['one'], many: ['many'], both: ['one', 'many'] }

/** Declares the world's steps as tasks; they know of the world only what they declare. */
export function declareHostTasks(rig: EngineRig, world: HostWorld): void {
  rig.tasks = []
  const tasks: Task[] = []
  for (const [index, step] of world.steps.entries()) {
    const needs = step.needs.map((need) => tasks[need]!)
    const isLocal = step.on === 'here'
    const input = `in/${index}.txt`
    const folder = isLocal ? `out/${index}` : folderOf(index)
    rig.write({ [input]: step.content })
    tasks.push(
      rig.task({
        name: `t${index}`,
        needs,
        inputs: { files: [input], values: { level: step.level }, facts: factSources(world, step) },
        outputs: { files: [`${folder}/main`, `${folder}/report`] },
        ...(!isLocal && { on: roles[step.on] }),
        ...(!isLocal &&
          step.collects && {
            collect: ({ host }) => ({ files: [`${folder}/report`], into: `dist/${index}/${host.name}` }),
          }),
        ...(!isLocal &&
          step.probes && {
            probe: async ({ host }) =>
              (await host.ask(['test', lifeOf(index)])).exitCode === 0
                ? []
                : [{ kind: 'probe-failed', detail: 'it is dead' }],
          }),
        run: async (context) => {
          const { root, facts, host } = context
          const write = isLocal
            ? writeTo(root)
            : (path: string, text: string) => host.exec(['write', path, text])
          if (step.fails) {
            if (leavesHalf(step)) await write(`${folder}/main`, half)
            throw new Error('as it was told')
          }
          const { main, report } = make({
            level: step.level,
            content: readFileSync(join(root, input), 'utf8'),
            fact: facts.flavour ?? null,
            needs: needs.flatMap((need) => readable(context, need)),
          })
          await write(`${folder}/main`, main)
          await write(`${folder}/report`, report)
          if (!isLocal) await write(lifeOf(index), 'alive')
        },
      }),
    )
  }
}

function writeTo(root: string) {
  return async (path: string, content: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
    return ''
  }
}

function factSources(world: HostWorld, step: HostStep): Record<string, FactSource> {
  const sources: Record<Exclude<FactOf, 'none'>, FactSource> = {
    own: { file: flavourFile },
    one: { file: flavourFile, role: 'one' },
    many: { file: flavourFile, role: 'many' },
    needed: { file: `${folderOf(step.needs[0] ?? 0)}/main` },
  }
  const source = factSource(world, step)
  return source === 'none' ? {} : { flavour: sources[source] }
}

function readable({ root, outputs }: RunContext<unknown>, need: Task): string[] {
  return outputs(need).map((path) =>
    path.startsWith('/') ? path : `${path} ${readFileSync(join(root, path), 'utf8').length}`,
  )
}
