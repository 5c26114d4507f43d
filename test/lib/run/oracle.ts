import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Task } from '../../../lib/model/task.ts'
import type { EngineRig } from '../../rig/engine.ts'

/** What a random workspace is, said a second time and without any code of the engine. */
export interface World {
  steps: Step[]
  flavour: string
}

export type Input = { content: string; executable: boolean } | { link: string }

export interface Step {
  needs: number[]
  inputs: Record<string, Input>
  level: number
  /** What its code does, and how its file looks. */
  code: number
  comment: number
  readsFlavour: boolean
}

/** The output of a step: everything that it declares, comment lines of its inputs left out. */
export function outputOf(world: World, index: number): string {
  const step = world.steps[index]!
  const inputs = Object.entries(step.inputs)
    .sort(byName)
    .map(([name, input]) => `${name}: ${shown(input)}`)
  const flavour = step.readsFlavour ? world.flavour : ''
  const needs = step.needs.toSorted((a, b) => a - b).map((need) => outputOf(world, need).length)
  return `${inputs.join('\n')}\nlevel ${step.level % 3} code ${step.code} ${flavour} needs ${needs.join()}\n`
}

/** Everything that decides a step's result. Equal actions have equal text. */
export function actionOf(world: World, index: number): string {
  const step = world.steps[index]!
  const needs = step.needs.toSorted((a, b) => a - b).map((need) => [need, outputOf(world, need)])
  const inputs = Object.entries(step.inputs).sort(byName)
  return JSON.stringify([
    inputs,
    needs,
    step.level,
    step.code,
    step.readsFlavour ? world.flavour : null,
    step.readsFlavour,
  ])
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}

function shown(input: Input): string {
  if ('link' in input) return `-> ${input.link}`
  const lines = input.content.split('\n').filter((line) => !line.startsWith('#'))
  return `${input.executable ? 'x' : '-'} ${lines.join('|')}`
}

/** Puts the world's files on disk, touching only what differs. */
export function writeWorld(rig: EngineRig, world: World): void {
  for (const [index, step] of world.steps.entries()) {
    const folder = join(rig.root, `in/${index}`)
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder)) if (!step.inputs[name]) rmSync(join(folder, name))
    for (const [name, input] of Object.entries(step.inputs))
      if (onDisk(join(folder, name)) !== JSON.stringify(input)) writeInput(join(folder, name), input)
    rig.write({
      [`tasks/t${index}.ts`]: `export const code =\n${' '.repeat(step.comment)}${step.code} // ${step.comment}\n`,
    })
  }
  process.env.RIG_FLAVOUR = world.flavour
}

function onDisk(path: string): string | undefined {
  try {
    const link = tryLink(path)
    if (link !== undefined) return JSON.stringify({ link })
    return JSON.stringify({ content: readFileSync(path, 'utf8'), executable: isExecutable(path) })
  } catch {
    return undefined
  }
}

function tryLink(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

function isExecutable(path: string): boolean {
  return (statSync(path).mode & 0o100) !== 0
}

function writeInput(path: string, input: Input): void {
  rmSync(path, { force: true })
  if ('link' in input) {
    symlinkSync(input.link, path)
    return
  }
  writeFileSync(path, input.content)
  chmodSync(path, input.executable ? 0o755 : 0o644)
}

/** Declares the world's steps as tasks whose `run` reads the disk only. */
export function declareTasks(rig: EngineRig, world: World): void {
  rig.tasks = []
  const tasks: Task[] = []
  for (const [index, step] of world.steps.entries())
    tasks.push(
      rig.task({
        name: `t${index}`,
        module: `tasks/t${index}.ts`,
        needs: step.needs.map((need) => tasks[need]!),
        inputs: {
          files: [`in/${index}/**`],
          values: { level: step.level },
          env: step.readsFlavour ? ['RIG_FLAVOUR'] : [],
        },
        outputs: { files: [`out/${index}/*`] },
        run: async ({ root, outputs }) => {
          const folder = join(root, `in/${index}`)
          const inputs = readdirSync(folder)
            .sort()
            .map((name) => `${name}: ${shown(JSON.parse(onDisk(join(folder, name))!))}`)
          const needs = step.needs
            .toSorted((a, b) => a - b)
            .map((need) => outputs(tasks[need]!).map((path) => readFileSync(join(root, path), 'utf8').length))
          const flavour = step.readsFlavour ? process.env.RIG_FLAVOUR : ''
          const code = /\d+/.exec(
            readFileSync(join(root, `tasks/t${index}.ts`), 'utf8').replace(/^.*\n/, ''),
          )![0]
          mkdirSync(join(root, `out/${index}`), { recursive: true })
          writeFileSync(
            join(root, `out/${index}/out`),
            `${inputs.join('\n')}\nlevel ${step.level % 3} code ${code} ${flavour} needs ${needs.join()}\n`,
          )
        },
      }),
    )
}
