import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Reason } from '../../../lib/model/reason.ts'
import { EngineRig } from '../../rig/engine.ts'
import { bystander, changeDisk } from './disk-edits.ts'
import { type Foreseen, foresee, type World } from './oracle.ts'
import { property } from './property.ts'
import { type Group, type Story, storyOfDamage, storyOfEdits } from './random-world.ts'
import { changesWorld, changeWorld } from './world-edits.ts'
import { declareTasks, readFolder, writeWorld } from './world-on-disk.ts'

property(
  'after any edits a run leaves what a clean build makes, runs exactly the actions that never ran, and does what --dry-run said',
  storyOfEdits,
  20,
  live,
)

property('after any damage to .cache, too, a run leaves what a clean build makes', storyOfDamage, 8, live)

interface Life {
  rig: EngineRig
  /** `<step> <action>` of all that ever ran to its end. */
  ran: Set<string>
  /** The engine may have forgotten some of it. */
  forgetful: boolean
}

async function live({ start, groups }: Story): Promise<void> {
  const rig = new EngineRig()
  try {
    rig.write({ [bystander]: 'not declared' })
    const life: Life = { rig, ran: new Set(), forgetful: false }
    let now = structuredClone(start)
    await checkRun(life, now, { noCache: false, jobs: 2 })
    for (const group of groups) {
      const before = structuredClone(now)
      apply(life, now, group)
      await checkRun(life, now, group)
      for (const step of now.steps) step.fails = false
      if (!group.undo) continue
      now = before
      await checkRun(life, now, group)
    }
  } finally {
    rmSync(rig.root, { recursive: true, force: true })
  }
}

function apply(life: Life, world: World, { edits }: Group): void {
  for (const edit of edits) if (changesWorld(edit)) changeWorld(world, edit)
  writeWorld(life.rig, world)
  for (const edit of edits) {
    if (changesWorld(edit)) continue
    changeDisk(life.rig.root, world, edit)
    life.forgetful ||= edit.kind === 'damage'
  }
  // Who knows whether it would run?
  if (life.forgetful) for (const step of world.steps) step.fails = false
}

type End = 'ran' | 'failed' | 'blocked' | 'stands'
type Ends = Record<string, End>

async function checkRun(life: Life, world: World, group: Pick<Group, 'target' | 'noCache' | 'jobs'>) {
  const { rig, ran } = life
  writeWorld(rig, world)
  declareTasks(rig, world)
  const all = world.steps.map((_, index) => index)
  const asked = group.target === undefined ? all : [group.target % all.length]
  const targets = asked.map((index) => `t${index}`)
  const options = { noCache: group.noCache, jobs: group.jobs, keepGoing: true }
  const foreseen = foresee(world)
  const expected = expectedEnds(world, foreseen, withNeeds(world, asked), ran, group.noCache)

  const looked = await rig.look(targets, options)
  const { statuses, warnings } = await rig.run(targets, options)

  const ends = Object.entries(statuses).map(([name, status]) => [name, endOf(status, expected[name], life)])
  expect(Object.fromEntries(ends)).toEqual(expected)
  expectAgreement(world, looked, statuses, expected, life)
  if (!life.forgetful) expect(warnings.filter(({ kind }) => kind !== 'output-edited')).toEqual([])
  expect(readFileSync(join(rig.root, bystander), 'utf8')).toBe('not declared')
  for (const [index, { outputs, action }] of foreseen.entries()) {
    const end = expected[`t${index}`]
    if (end !== 'ran' && end !== 'stands') continue
    expect({ [index]: readFolder(join(rig.root, `out/${index}`)) }).toEqual({ [index]: outputs })
    ran.add(`${index} ${action}`)
  }
}

function withNeeds({ steps }: World, asked: number[]): number[] {
  const wanted = new Set(asked)
  for (const index of wanted) for (const { step } of steps[index]!.needs) wanted.add(step)
  return [...wanted].sort((a, b) => a - b)
}

function expectedEnds(
  { steps }: World,
  foreseen: Foreseen[],
  indexes: number[],
  ran: Set<string>,
  noCache: boolean,
): Ends {
  const ends: Ends = {}
  for (const index of indexes) {
    const { needs, fails } = steps[index]!
    const hindered = needs.some(({ step }) => ['failed', 'blocked'].includes(ends[`t${step}`]!))
    const stands = !noCache && ran.has(`${index} ${foreseen[index]!.action}`)
    ends[`t${index}`] = hindered ? 'blocked' : stands ? 'stands' : fails ? 'failed' : 'ran'
  }
  return ends
}

/** What was forgotten may run once more. */
function endOf(status: string, expected: End | undefined, { forgetful }: Life): string {
  if (status === 'up-to-date' || status === 'restored') return 'stands'
  return forgetful && status === 'ran' ? expected! : status
}

/** What looking says comes true; what it leaves open it leaves to a needed task that would run, by name. */
function expectAgreement(
  { steps }: World,
  looked: Record<string, { status: string; reasons: Reason[] }>,
  statuses: Record<string, string>,
  expected: Ends,
  { forgetful }: Life,
): void {
  expect(Object.keys(looked).sort()).toEqual(Object.keys(statuses).sort())
  for (const [name, { status, reasons }] of Object.entries(looked)) {
    const needs = steps[Number(name.slice(1))]!.needs.map(({ step }) => `t${step}`)
    const open = needs.filter((need) => ['ran', 'unknown'].includes(looked[need]!.status))
    if (status === 'unknown')
      expect({ [name]: blamed(reasons) }).toEqual({ [name]: [...new Set(open)].sort() })
    else if (expected[name] !== 'blocked' && !(forgetful && isMadeUpFor(status, statuses[name]!)))
      expect({ [name]: status }).toEqual({ [name]: statuses[name]!.replace('failed', 'ran') })
    if (status === 'unknown') expect(open).not.toEqual([])
  }
}

/** A content that the cache had lost is there again once another task of the run has made the same. */
function isMadeUpFor(looked: string, status: string): boolean {
  return looked === 'ran' && status === 'restored'
}

function blamed(reasons: Reason[]): string[] {
  return reasons.map((reason) => (reason.kind === 'waits-for' ? reason.task : `? ${reason.kind}`)).sort()
}
