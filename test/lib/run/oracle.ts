/** What a random workspace is, what its tasks make and what decides that: said a second time, without any code of the engine. */
export interface World {
  steps: Step[]
  /** Task files; several steps may share one. */
  modules: Module[]
  /** What `tasks/helper.ts` says, which some task files import. */
  helper: number
  /** Inputs of every step that reads `in/shared`. */
  shared: Record<string, Input>
  /** An environment variable; null where it is not set. */
  flavour: string | null
}

export interface Step {
  module: number
  needs: Need[]
  /** Under `in/<index>`. */
  inputs: Record<string, Input>
  level: number
  readsShared: boolean
  readsFlavour: boolean
  /** Declares its outputs by one glob, not one by one. */
  declaresByGlob: boolean
  keepsOutputs: boolean
  /** In the next run only, and only if it runs: nothing that it declares says so. */
  fails: boolean
}

export interface Need {
  step: number
  /** The only outputs that count, where not all do: those whose path begins like one of these. */
  only?: Part[]
}

export const parts = ['main', 'part-', 'deep/'] as const
export type Part = (typeof parts)[number]

export interface Module {
  code: number
  comment: number
  indent: number
  importsHelper: boolean
}

export type File = { content: string; executable: boolean } | { link: string }
export type Files = Record<string, File>
export type Input = File | { folder: string }

/** All that a step reads. Its needs: what counts of what they made, by task and path. */
export interface Read {
  files: Files
  level: number
  code: string
  flavour: string | null
  needs: Record<string, Files>
}

/** What a step makes of what it reads. It drops comment lines and keeps only the sizes of what it needs: different
 *  inputs often make the same. */
export function make({ files, level, code, flavour, needs }: Read): Files {
  const lines = sorted(files).map(([path, file]) => `${path} ${shown(file)}`)
  const sizes = sorted(needs).flatMap(([task, made]) =>
    sorted(made).map(([path, file]) => `${task} ${path} ${shown(file).length}`),
  )
  return {
    main: {
      content: [...lines, ...sizes, `level ${level % 3} ${code} ${flavour}`].join('\n'),
      executable: false,
    },
    [`part-${level % 3}`]: { content: code, executable: level % 2 === 1 },
    ...(level % 3 === 2 && { 'part-link': { link: `made-by-${code}` } }),
    'deep/sizes': { content: sizes.join('\n'), executable: false },
  }
}

export interface Foreseen {
  /** What a clean build leaves under `out/<index>`. */
  outputs: Files
  /** Everything that decides the step's result: equal actions have equal text. */
  action: string
}

export function foresee(world: World): Foreseen[] {
  const foreseen: Foreseen[] = []
  for (const step of world.steps) {
    const read: Read = {
      files: readFiles(world, foreseen.length),
      level: step.level,
      code: codeOf(world, step.module),
      flavour: step.readsFlavour ? world.flavour : null,
      needs: neededFiles(step.needs, (need) => foreseen[need]!.outputs),
    }
    const { readsFlavour, declaresByGlob } = step
    const action = JSON.stringify([
      {
        ...read,
        files: sorted(read.files),
        needs: sorted(read.needs).map(([task, made]) => [task, sorted(made)]),
      },
      { readsFlavour, declaresByGlob },
    ])
    foreseen.push({ outputs: make(read), action })
  }
  return foreseen
}

/** What counts of what the needed steps made, `made` giving everything. */
export function neededFiles(needs: Need[], made: (step: number) => Files): Record<string, Files> {
  const counting = ({ step, only }: Need) =>
    Object.entries(made(step)).filter(([path]) => !only || only.some((part) => path.startsWith(part)))
  return Object.fromEntries(needs.map((need) => [`t${need.step}`, Object.fromEntries(counting(need))]))
}

/** Files of an input folder by their path below it. */
export function filesIn(inputs: Record<string, Input>): Files {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) =>
      'folder' in input ? [`${name}/inside`, { content: input.folder, executable: false }] : [name, input],
    ),
  )
}

function readFiles({ steps, shared }: World, index: number): Files {
  const { inputs, readsShared } = steps[index]!
  return {
    ...below(`in/${index}`, filesIn(inputs)),
    ...(readsShared && below('in/shared', filesIn(shared))),
  }
}

export function below(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [`${folder}/${path}`, file]))
}

export function codeOf({ modules, helper }: World, module: number): string {
  const { code, importsHelper } = modules[module]!
  return importsHelper ? `code ${code} helped by ${helper}` : `code ${code}`
}

function sorted<T>(some: Record<string, T>): [string, T][] {
  return Object.entries(some).sort(([a], [b]) => (a < b ? -1 : 1))
}

function shown(file: File): string {
  if ('link' in file) return `-> ${file.link}`
  const lines = file.content.split('\n').filter((line) => !line.startsWith('#'))
  return `${file.executable ? 'x' : '-'} ${lines.join('|')}`
}
