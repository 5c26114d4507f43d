import { Refusal } from './refusal.ts'

export type Shape = keyof typeof shapes

/** What is to be built: how many tasks, how many inputs of its own each has, and what needs what. */
export interface Workload {
  name: string
  shape: Shape
  tasks: number
  files: number
  /** Size of each input. */
  bytes: number
}

const perLayer = 20

/** The tasks that one needs, by shape. */
const shapes = {
  /** Each task has two parents in the layer above, and so two children: an edit at the root spreads 1, 2, 4, 8, 16, 20. */
  layers(task: number): number[] {
    if (task < perLayer) return []
    const above = task - (task % perLayer) - perLayer
    const parent = above + Math.floor((task % perLayer) / 2)
    return [parent, parent + perLayer / 2]
  },
  chain: (task: number): number[] => (task === 0 ? [] : [task - 1]),
  /** Independent tasks that wait more than they compute. */
  sleepers: (): number[] => [],
}

const units = { KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** `1000x10`, `chain:5000x1`, `1x1x1GB`: shape, tasks, inputs of each, size of each input. */
export function parseWorkload(name: string): Workload {
  const [, shape, tasks, files, number, unit] =
    /^(?:(\w+):)?([1-9]\d*)x([1-9]\d*)(?:x([1-9]\d*)(KB|MB|GB))?$/.exec(name) ?? []
  if (!tasks || (shape && !(shape in shapes)))
    throw new Refusal(
      `\`${name}\` is not a workload: [layers|chain|sleepers:]TASKSxFILES[xSIZE], as in 1000x10 or 1x1x1GB`,
    )
  return {
    name,
    shape: (shape ?? 'layers') as Shape,
    tasks: Number(tasks),
    files: Number(files),
    bytes: number ? Number(number) * units[unit as keyof typeof units] : units.KB,
  }
}

export function tasksOf({ tasks }: Workload): number[] {
  return Array.from({ length: tasks }, (_, task) => task)
}

export function needsOf({ shape }: Workload, task: number): number[] {
  return shapes[shape](task)
}

/** The tasks that no other needs: asking for these asks for all. */
export function sinksOf(workload: Workload): number[] {
  const needed = new Set(tasksOf(workload).flatMap((task) => needsOf(workload, task)))
  return tasksOf(workload).filter((task) => !needed.has(task))
}

export function inputsOf({ files }: Workload, task: number): string[] {
  return Array.from({ length: files }, (_, file) => `in/${task}/${file}.txt`)
}

export function outputOf(task: number | string): string {
  return `out/${task}.txt`
}

/** @param task its number, or what stands for it in the tool's own language */
export function commandOf({ shape }: Workload, task: number | string, into = outputOf(task)): string {
  const strip = `grep -v '^#' in/${task}/* > ${into}`
  return shape === 'sleepers' ? `sleep 0.1 && ${strip}` : strip
}
