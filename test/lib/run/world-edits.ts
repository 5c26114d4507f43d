import type { Input, Part, Step, World } from './oracle.ts'

/** Edits that change what a world is. `at` is a step, taken modulo their number; so is whatever else numbers something. */
export type WorldEdit =
  | { kind: 'write-input'; in: Folder; name: string; input: Input }
  | { kind: 'remove-input' | 'flip-exec'; in: Folder; name: string }
  | { kind: 'rename-input' | 'swap-inputs'; in: Folder; name: string; to: string }
  | { kind: 'move-input'; in: Folder; name: string; to: number }
  | { kind: 'edit-code' | 'edit-comment' | 'edit-format' | 'edit-import'; at: number }
  | { kind: 'edit-helper' }
  | { kind: 'move-to-module'; at: number; to: number }
  | { kind: 'edit-level'; at: number; by: number }
  | { kind: 'set-flavour'; flavour: string | null }
  | { kind: 'add-need'; at: number; need: number; part: Part | undefined }
  | { kind: 'drop-need'; at: number }
  | { kind: 'flip'; at: number; what: 'readsShared' | 'readsFlavour' | 'declaresByGlob' | 'keepsOutputs' }
  | { kind: 'fail'; at: number }

export type Folder = number | 'shared'

/** What an edit of each kind does. */
export type Changes<Edit, Place> = {
  [Kind in KindOf<Edit>]: (place: Place, edit: OfKind<Edit, Kind>) => void
}
type KindOf<Edit> = Edit extends { kind: infer Kind extends string } ? Kind : never
type OfKind<Edit, Kind> = Edit extends { kind: infer Kinds } ? (Kind extends Kinds ? Edit : never) : never

export function changeWorld(world: World, edit: WorldEdit): void {
  const change = changes[edit.kind] as (world: World, edit: WorldEdit) => void
  change(world, edit)
}

export function changesWorld<T extends { kind: string }>(edit: T | WorldEdit): edit is WorldEdit {
  return edit.kind in changes
}

const changes: Changes<WorldEdit, World> = {
  'write-input': (world, edit) => {
    inputsOf(world, edit.in)[edit.name] = edit.input
  },
  'remove-input': (world, edit) => {
    delete inputsOf(world, edit.in)[edit.name]
  },
  'flip-exec': (world, edit) => {
    const input = inputsOf(world, edit.in)[edit.name]
    if (input && 'executable' in input) input.executable = !input.executable
  },
  'rename-input': (world, edit) => {
    const inputs = inputsOf(world, edit.in)
    move(inputs, edit.name, inputs, edit.to)
  },
  'move-input': (world, edit) => {
    move(inputsOf(world, edit.in), edit.name, inputsOf(world, edit.to), edit.name)
  },
  'swap-inputs': (world, edit) => {
    const inputs = inputsOf(world, edit.in)
    const [one, other] = [inputs[edit.name], inputs[edit.to]]
    if (one && other) Object.assign(inputs, { [edit.name]: other, [edit.to]: one })
  },
  'edit-code': (world, { at }) => {
    moduleOf(world, at).code++
  },
  'edit-comment': (world, { at }) => {
    moduleOf(world, at).comment++
  },
  'edit-format': (world, { at }) => {
    moduleOf(world, at).indent++
  },
  'edit-import': (world, { at }) => {
    const module = moduleOf(world, at)
    module.importsHelper = !module.importsHelper
  },
  'edit-helper': (world) => {
    world.helper++
  },
  'move-to-module': (world, { at, to }) => {
    stepOf(world, at).module = to % world.modules.length
  },
  'edit-level': (world, { at, by }) => {
    stepOf(world, at).level += by
  },
  'set-flavour': (world, { flavour }) => {
    world.flavour = flavour
  },
  'add-need': (world, { at, need, part }) => {
    addNeed(stepOf(world, at), at % world.steps.length, need, part)
  },
  'drop-need': (world, { at }) => {
    stepOf(world, at).needs.pop()
  },
  flip: (world, { at, what }) => {
    const step = stepOf(world, at)
    step[what] = !step[what]
  },
  fail: (world, { at }) => {
    stepOf(world, at).fails = true
  },
}

/** Of an earlier step: there are no cycles. Without a part, all that it makes counts. */
export function addNeed({ needs }: Step, index: number, need: number, part: Part | undefined): void {
  if (index === 0) return
  const step = need % index
  const known = needs.find((one) => one.step === step)
  if (!known) needs.push({ step, ...(part && { only: [part] }) })
  else if (part === undefined) delete known.only
  else if (known.only && !known.only.includes(part)) known.only.push(part)
}

function stepOf({ steps }: World, at: number): Step {
  return steps[at % steps.length]!
}

function moduleOf(world: World, at: number) {
  return world.modules[stepOf(world, at).module]!
}

function inputsOf(world: World, folder: Folder): Record<string, Input> {
  return folder === 'shared' ? world.shared : stepOf(world, folder).inputs
}

function move(from: Record<string, Input>, name: string, into: Record<string, Input>, to: string): void {
  const input = from[name]
  if (!input) return
  delete from[name]
  into[to] = input
}
