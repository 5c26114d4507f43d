import fc from 'fast-check'
import type { DiskEdit } from './disk-edits.ts'
import { type Input, type Module, parts, type Step, type World } from './oracle.ts'
import { printed } from './property.ts'
import { addNeed, type Folder, type WorldEdit } from './world-edits.ts'

export type Edit = WorldEdit | DiskEdit

/** A world, and groups of edits with a run after each. */
export interface Story {
  start: World
  groups: Group[]
}

export interface Group {
  edits: Edit[]
  /** The step asked for, with what it needs; all without it. */
  target?: number
  noCache: boolean
  jobs: number
  /** After the run, go back to the world as it was before the group, and run again. */
  undo: boolean
}

const content = fc.constantFrom('one', 'two', '# a\none', '# b\none', 'three\nfour', '')
const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ content, executable: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ link: fc.constantFrom('nowhere', 'elsewhere') }) },
  { weight: 1, arbitrary: fc.record({ folder: content }) },
)
const name = fc.constantFrom('a', 'b', 'c', '.d')
const inputs = fc.dictionary(name, input, { maxKeys: 3, noNullPrototype: true })
const flavour = fc.constantFrom('sweet', 'sour', '', null)
const part = fc.constantFrom(...parts)
const at = fc.nat(100)
const folder: fc.Arbitrary<Folder> = fc.oneof(
  { weight: 3, arbitrary: at },
  { weight: 1, arbitrary: fc.constant('shared' as const) },
)
const seldom = fc.integer({ min: 0, max: 5 }).map((dice) => dice === 5)

const step = fc.record({
  module: at,
  needs: fc.array(fc.record({ need: at, part: fc.option(part, { nil: undefined }) }), {
    maxLength: 3,
    size: 'max',
  }),
  inputs,
  level: fc.nat(5),
  readsShared: fc.boolean(),
  readsFlavour: fc.boolean(),
  declaresByGlob: fc.boolean(),
  keepsOutputs: seldom,
})

const module: fc.Arbitrary<Module> = fc.record({
  code: fc.nat(3),
  comment: fc.nat(3),
  indent: fc.nat(3),
  importsHelper: fc.boolean(),
})

const world: fc.Arbitrary<World> = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
    modules: fc.array(module, { minLength: 1, maxLength: 6, size: 'max' }),
    helper: fc.nat(3),
    shared: inputs,
    flavour,
  })
  .map(({ steps, modules, ...rest }) => ({
    ...rest,
    modules,
    steps: steps.map(({ needs, module, ...step }, index): Step => {
      const whole: Step = { ...step, module: module % modules.length, needs: [], fails: false }
      for (const { need, part } of needs) addNeed(whole, index, need, part)
      return whole
    }),
  }))

const kind = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds)

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: kind('write-input'), in: folder, name, input }),
  fc.record({ kind: kind('remove-input', 'flip-exec'), in: folder, name }),
  fc.record({ kind: kind('rename-input', 'swap-inputs'), in: folder, name, to: name }),
  fc.record({ kind: kind('move-input'), in: folder, name, to: at }),
  fc.record({ kind: kind('edit-code', 'edit-comment', 'edit-format', 'edit-import'), at }),
  fc.record({ kind: kind('edit-helper') }),
  fc.record({ kind: kind('move-to-module'), at, to: at }),
  fc.record({ kind: kind('edit-level'), at, by: fc.constantFrom(1, 3) }),
  fc.record({ kind: kind('set-flavour'), flavour }),
  fc.record({ kind: kind('add-need'), at, need: at, part: fc.option(part, { nil: undefined }) }),
  fc.record({ kind: kind('drop-need'), at }),
  fc.record({
    kind: kind('flip'),
    at,
    what: fc.constantFrom(
      'readsShared' as const,
      'readsFlavour' as const,
      'declaresByGlob' as const,
      'keepsOutputs' as const,
    ),
  }),
  fc.record({ kind: kind('fail'), at }),
  fc.record({ kind: kind('touch-inputs'), in: folder }),
  fc.record({ kind: kind('delete-outputs', 'add-outputs'), at }),
  fc.record({
    kind: kind('delete-output', 'write-output', 'flip-output-exec', 'output-to-link', 'output-to-folder'),
    at,
    part,
  }),
)

const damage: fc.Arbitrary<Edit> = fc.record({
  kind: kind('damage'),
  how: fc.constantFrom('delete-all' as const, 'delete' as const, 'truncate' as const, 'scramble' as const),
  file: fc.nat(1000),
})

const story = (edit: fc.Arbitrary<Edit>): fc.Arbitrary<Story> => {
  const group = fc.record(
    {
      edits: fc.array(edit, { maxLength: 5, size: 'max' }),
      target: at,
      noCache: seldom,
      jobs: fc.integer({ min: 1, max: 4 }),
      undo: fc.boolean(),
    },
    { requiredKeys: ['edits', 'noCache', 'jobs', 'undo'] },
  )
  return fc
    .record({ start: world, groups: fc.array(group, { minLength: 1, maxLength: 6, size: 'max' }) })
    .map(printed)
}

export const storyOfEdits = story(edit)
export const storyOfDamage = story(fc.oneof({ weight: 1, arbitrary: edit }, { weight: 1, arbitrary: damage }))
