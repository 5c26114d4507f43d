import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { only } from '../../../lib/model/define-task.ts'
import type { Task } from '../../../lib/model/task.ts'
import type { EngineRig } from '../../rig/engine.ts'
import {
  below,
  type File,
  type Files,
  filesIn,
  type Module,
  make,
  neededFiles,
  type Part,
  type Step,
  type World,
} from './oracle.ts'

/** Puts the world's files on disk, touching only what differs, as an editor would: a file stays the same inode. */
export function writeWorld({ root }: EngineRig, world: World): void {
  for (const [index, { inputs }] of world.steps.entries())
    syncFolder(join(root, `in/${index}`), filesIn(inputs))
  syncFolder(join(root, 'in/shared'), filesIn(world.shared))
  const modules = world.modules.map((module, index) => [`m${index}.ts`, plain(moduleText(module))])
  const helper = plain(`export const helper = ${world.helper}\n`)
  syncFolder(join(root, 'tasks'), { ...Object.fromEntries(modules), 'helper.ts': helper })
  if (world.flavour === null) delete process.env.RIG_FLAVOUR
  else process.env.RIG_FLAVOUR = world.flavour
}

function plain(content: string): File {
  return { content, executable: false }
}

function moduleText({ code, comment, indent, importsHelper }: Module): string {
  return [
    ...(importsHelper ? ["import { helper } from './helper.ts'"] : []),
    `// ${comment}`,
    `export const code = [${' '.repeat(indent)}${code}, /* ${comment} */ ${importsHelper ? 'helper' : ''}]\n`,
  ].join('\n')
}

/** Makes a folder hold exactly these files. */
export function syncFolder(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true })
  for (const path of Object.keys(readFolder(folder))) if (!(path in files)) rmSync(join(folder, path))
  for (const [path, file] of Object.entries(files))
    if (JSON.stringify(readFile(join(folder, path))) !== JSON.stringify(file))
      writeFile(join(folder, path), file)
}

/** Every file and link below a folder, by its path from there. */
export function readFolder(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true }).map(String)
  return Object.fromEntries(
    entries.flatMap((path) => {
      const file = readFile(join(folder, path))
      return file ? [[path, file]] : []
    }),
  )
}

function readFile(path: string): File | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) return { link: readlinkSync(path) }
  if (!stat?.isFile()) return undefined
  return { content: readFileSync(path, 'utf8'), executable: (stat.mode & 0o100) !== 0 }
}

function writeFile(path: string, file: File): void {
  const before = lstatSync(path, { throwIfNoEntry: false })
  if (before && ('link' in file || !before.isFile())) rmSync(path, { recursive: true })
  clearTheWay(dirname(path))
  if ('link' in file) symlinkSync(file.link, path)
  else {
    writeFileSync(path, file.content)
    chmodSync(path, file.executable ? 0o755 : 0o644)
  }
}

/** Makes a folder, also where a file or link is in its place. */
function clearTheWay(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(folder)
  mkdirSync(folder, { recursive: true })
}

const globs: Record<Part, string> = { main: 'main', 'part-': 'part-*', 'deep/': 'deep/**' }

/** Declares the world's steps as tasks whose `run` reads the disk only. */
export function declareTasks(rig: EngineRig, world: World): void {
  rig.tasks = []
  const tasks: Task[] = []
  for (const [index, step] of world.steps.entries()) {
    const out = `out/${index}`
    const task = rig.task({
      name: `t${index}`,
      module: `tasks/m${step.module}.ts`,
      needs: step.needs.map((need) =>
        need.only
          ? only(tasks[need.step]!, ...need.only.map((part) => `out/${need.step}/${globs[part]}`))
          : tasks[need.step]!,
      ),
      inputs: {
        files: [`in/${index}/**`, ...(step.readsShared ? ['in/shared/**'] : [])],
        values: { level: step.level },
        env: step.readsFlavour ? ['RIG_FLAVOUR'] : [],
      },
      outputs: {
        files: step.declaresByGlob ? [`${out}/**`] : [`${out}/main`, `${out}/part-*`, `${out}/deep`],
      },
      keepOutputs: step.keepsOutputs,
      run: async ({ root, outputs }) => {
        if (step.fails) {
          writeFile(join(root, out, 'main'), plain('half of it'))
          throw new Error('as it was told')
        }
        const needs = neededFiles(step.needs, (need) => filesAt(root, `out/${need}`, outputs(tasks[need]!)))
        const made = make({
          files: {
            ...below(`in/${index}`, readFolder(join(root, `in/${index}`))),
            ...(step.readsShared && below('in/shared', readFolder(join(root, 'in/shared')))),
          },
          level: step.level,
          code: readCode(root, step),
          flavour: step.readsFlavour ? (process.env.RIG_FLAVOUR ?? null) : null,
          needs,
        })
        if (step.keepsOutputs) syncFolder(join(root, out), made)
        else for (const [path, file] of Object.entries(made)) writeFile(join(root, out, path), file)
      },
    })
    tasks.push(task)
  }
}

/** The files that the engine names, by their path below the folder. */
function filesAt(root: string, folder: string, paths: string[]): Files {
  return Object.fromEntries(
    paths.map((path) => {
      const file = readFile(join(root, path))
      if (!file) throw new Error(`${path} is not there`)
      return [path.slice(folder.length + 1), file]
    }),
  )
}

function readCode(root: string, { module }: Step): string {
  const read = (name: string) => readFileSync(join(root, 'tasks', name), 'utf8')
  const text = read(`m${module}.ts`)
  const code = /code = \[ *(\d+)/.exec(text)![1]
  return text.includes('import') ? `code ${code} helped by ${/\d+/.exec(read('helper.ts'))}` : `code ${code}`
}
