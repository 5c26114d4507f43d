import fc from 'fast-check'
import { addHostNeed, type HostEdit } from './host-edits.ts'
import { factsOf, type HostStep, type HostWorld, places } from './host-oracle.ts'
import { printed } from './property.ts'

/** A world of hosts, and groups of edits with a run after each. */
export interface HostStory {
  start: HostWorld
  groups: HostGroup[]
}

export interface HostGroup {
  edits: HostEdit[]
  /** The step asked for, with what it needs; all without it. */
  target?: number
  noCache: boolean
  /** Folders of the workspace that are lost before the run: the cache, or all that another operator's machine lacks. */
  lost: readonly string[]
  /** After the run, go back to the world as it was before the group, and run again. */
  undo: boolean
}

const at = fc.nat(100)
const content = fc.constantFrom('one', 'two', '# a\none', '# b\none')
const many = ['s1', 's2', 's3']
const members = fc.subarray(many, { minLength: 1 })
const all = ['m', ...many]
const on = fc.oneof(fc.constantFrom(...all.map((host) => [host])), fc.constant(all))
const platform = fc.constantFrom('debian-12-x86_64', 'debian-7-x86_64')
const seldom = fc.integer({ min: 0, max: 5 }).map((dice) => dice === 5)

const step = fc.record({
  on: fc.constantFrom(...places),
  needs: fc.array(at, { maxLength: 3, size: 'max' }),
  level: fc.nat(3),
  content,
  fact: fc.constantFrom(...factsOf),
  collects: fc.boolean(),
  probes: fc.boolean(),
})

const world: fc.Arbitrary<HostWorld> = fc
  .record({ steps: fc.array(step, { minLength: 1, maxLength: 6, size: 'max' }), members, platform })
  .map(({ steps, ...rest }) => ({
    ...rest,
    steps: steps.map(({ needs, ...step }, index): HostStep => {
      const whole: HostStep = { ...step, needs: [], fails: false }
      for (const need of needs) addHostNeed(whole, index, need)
      return whole
    }),
  }))

const kind = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds)

const worldEdit: fc.Arbitrary<HostEdit> = fc.oneof(
  fc.record({ kind: kind('edit-content'), at, content }),
  fc.record({ kind: kind('edit-level'), at, by: fc.constantFrom(1, 3) }),
  fc.record({ kind: kind('add-need'), at, need: at }),
  fc.record({ kind: kind('drop-need'), at }),
  fc.record({ kind: kind('fail'), at }),
  fc.record({ kind: kind('flip'), at, what: fc.constantFrom('collects' as const, 'probes' as const) }),
  fc.record({ kind: kind('move-to'), at, on: fc.constantFrom(...places) }),
  fc.record({ kind: kind('set-members'), members }),
  fc.record({ kind: kind('set-platform'), platform }),
)

const machineEdit: fc.Arbitrary<HostEdit> = fc.oneof(
  fc.record({ kind: kind('set-flavour'), on, flavour: fc.constantFrom('sweet', 'sour', null) }),
  fc.record({ kind: kind('reinstall', 'go-down'), on }),
  fc.record({ kind: kind('come-up'), on }),
  fc.record({
    kind: kind('delete-output', 'change-output'),
    on,
    at,
    name: fc.constantFrom('main' as const, 'report' as const),
  }),
  fc.record({ kind: kind('kill'), on, at }),
  fc.record({ kind: kind('lose-receipt'), on, at }),
  fc.record({ kind: kind('delete-at-home', 'change-at-home'), on, at }),
)

const edit = fc.oneof(worldEdit, machineEdit)

const lost = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  fc.constant(['.cache']),
  fc.constant(['.cache', 'out', 'dist']),
)

const group: fc.Arbitrary<HostGroup> = fc.record(
  {
    edits: fc.array(edit, { maxLength: 4, size: 'max' }),
    target: at,
    noCache: seldom,
    lost,
    undo: fc.boolean(),
  },
  { requiredKeys: ['edits', 'noCache', 'lost', 'undo'] },
)

export const hostStory: fc.Arbitrary<HostStory> = fc
  .record({ start: world, groups: fc.array(group, { minLength: 1, maxLength: 6, size: 'max' }) })
  .map(printed)
