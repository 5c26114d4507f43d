import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'
import { actionOf, declareTasks, type Input, outputOf, type Step, type World, writeWorld } from './oracle.ts'

type Edit = (world: World, rig: EngineRig) => void

const content = fc.constantFrom('one', 'two', '# a\none', '# b\none', 'three\nfour', '')
const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ content, executable: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ link: fc.constantFrom('nowhere', 'elsewhere') }) },
)
const name = fc.constantFrom('a', 'b', 'c', '.d')

const step = (index: number): fc.Arbitrary<Step> =>
  fc.record({
    needs: index === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat(index - 1), { maxLength: 3 }),
    inputs: fc.dictionary(name, input, { maxKeys: 3, noNullPrototype: true }),
    level: fc.nat(5),
    code: fc.nat(3),
    comment: fc.nat(5),
    readsFlavour: fc.boolean(),
  })

const world: fc.Arbitrary<World> = fc.integer({ min: 1, max: 30 }).chain((size) =>
  fc.record({
    steps: fc.tuple(...Array.from({ length: size }, (_, index) => step(index))),
    flavour: fc.constantFrom('sweet', 'sour'),
  }),
)

/** Applies a change to one step; `at` is taken modulo the number of steps. */
const onStep = (change: (step: Step, index: number, rig: EngineRig) => void) =>
  fc.nat().map(
    (at): Edit =>
      (world, rig) => {
        const index = at % world.steps.length
        change(world.steps[index]!, index, rig)
      },
  )

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), name, input).map(
    ([at, name, input]): Edit =>
      ({ steps }) =>
        void (steps[at % steps.length]!.inputs[name] = input),
  ),
  fc.tuple(fc.nat(), name).map(
    ([at, name]): Edit =>
      ({ steps }) =>
        void delete steps[at % steps.length]!.inputs[name],
  ),
  onStep(
    ({ inputs }) =>
      ([inputs.a, inputs.b] = [
        inputs.b ?? { content: 'new', executable: false },
        inputs.a ?? { content: 'new', executable: true },
      ]),
  ),
  onStep(({ inputs }) => {
    const [first] = Object.keys(inputs)
    if (first === undefined || inputs.renamed) return
    inputs.renamed = inputs[first]!
    delete inputs[first]
  }),
  onStep(({ inputs }) => {
    for (const input of Object.values(inputs)) if ('content' in input) input.executable = !input.executable
  }),
  onStep(({ inputs }, index, rig) => {
    for (const name of Object.keys(inputs)) {
      // An edit before this one may have declared a file that is not written yet, or written over a link to nowhere.
      const path = join(rig.root, `in/${index}/${name}`)
      if (existsSync(path)) utimesSync(path, 1, 2)
    }
  }),
  onStep((step) => step.level++),
  onStep((step) => step.code++),
  onStep((step) => step.comment++),
  onStep((step, index) => (step.needs = index === 0 ? [] : [index - 1])),
  onStep((step) => step.needs.pop()),
  fc.constantFrom('sweet', 'sour').map(
    (flavour): Edit =>
      (world) =>
        void (world.flavour = flavour),
  ),
  onStep((_, index, rig) => rmSync(join(rig.root, `out/${index}`), { recursive: true, force: true })),
  onStep((_, index, rig) => {
    mkdirSync(join(rig.root, `out/${index}`), { recursive: true })
    writeFileSync(join(rig.root, `out/${index}/out`), 'by hand')
  }),
  onStep((_, index, rig) => {
    mkdirSync(join(rig.root, `out/${index}`), { recursive: true })
    writeFileSync(join(rig.root, `out/${index}/extra`), 'x')
  }),
)

/** Groups of edits with a run after each; `undo` goes back to the world as it was before the group. */
const history = fc.array(fc.record({ edits: fc.array(edit, { maxLength: 4 }), undo: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
})

test('after any edits a run leaves what a clean build makes, runs exactly the actions that never ran, and does what --dry-run said', async () => {
  await fc.assert(
    fc.asyncProperty(world, history, async (start, groups) => {
      const rig = new EngineRig()
      try {
        const ran = new Set<string>()
        let now = structuredClone(start)
        await checkRun(rig, now, ran)
        for (const { edits, undo } of groups) {
          const before = structuredClone(now)
          for (const edit of edits) edit(now, rig)
          await checkRun(rig, now, ran)
          if (!undo) continue
          now = before
          await checkRun(rig, now, ran)
        }
      } finally {
        rmSync(rig.root, { recursive: true, force: true })
      }
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 25), verbose: 1 },
  )
}, 600_000)

async function checkRun(rig: EngineRig, world: World, ran: Set<string>): Promise<void> {
  writeWorld(rig, world)
  declareTasks(rig, world)
  const targets = world.steps.map((_, index) => `t${index}`)
  const expected = targets.filter((_, index) => !ran.has(`${index} ${actionOf(world, index)}`))
  const looked = await rig.look(targets)
  const { statuses } = await rig.run(targets)
  expect(targets.filter((name) => statuses[name] === 'ran')).toEqual(expected)
  for (const [name, { status }] of Object.entries(looked))
    if (status !== 'unknown') expect([name, statuses[name]]).toEqual([name, status])
  for (const [index] of world.steps.entries()) {
    expect(readdirSync(join(rig.root, `out/${index}`))).toEqual(['out'])
    expect(readFileSync(join(rig.root, `out/${index}/out`), 'utf8')).toBe(outputOf(world, index))
    ran.add(`${index} ${actionOf(world, index)}`)
  }
}
