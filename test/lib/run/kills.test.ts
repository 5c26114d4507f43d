import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskRecord } from '../../../lib/model/record.ts'
import { Workspace } from '../../rig/workspace.ts'
import { expectWholeCache } from './whole-cache.ts'

/** `KILLS=200 KILLS_SEED=… npx vitest run …` tries more, or the same again. */
const kills = Number(process.env.KILLS ?? 8)
const seed = Number(process.env.KILLS_SEED ?? Math.trunc(Math.random() * 2 ** 31))

const story = fc.record({
  version: fc.nat(2),
  /** Some results are then restored, and not made. */
  wipes: fc.boolean(),
  /** What the killed run has left is then known by its workspace only. */
  deletes: fc.boolean(),
  /** Of the time that a whole run takes. */
  moment: fc.double({ min: 0, max: 1.1, noNaN: true }),
})

test('a run that is killed at any moment leaves nothing false, and the next is as from nothing', async () => {
  console.log(`KILLS=${kills} KILLS_SEED=${seed}`)
  const workspace = slowWorkspace()
  const started = performance.now()
  await expectRun(workspace, 0, /^$/)
  const wholeRun = performance.now() - started

  for (const [index, { version, wipes, deletes, moment }] of fc
    .sample(story, { numRuns: kills, seed })
    .entries()) {
    const when = `kill ${index} of seed ${seed}`
    workspace.write('in/version', `${version}`)
    if (wipes) rmSync(join(workspace.root, 'out'), { recursive: true, force: true })
    const { child, ended } = workspace.start(['run', 'join'])
    await Promise.race([pause(moment * wholeRun), ended])
    child.kill('SIGKILL')
    await ended
    if (deletes) rmSync(join(workspace.root, '.cache'), { recursive: true, force: true })

    const { stdout } = await expectRun(workspace, version, /^(Warning: An earlier run .*\n)?$/, when)
    expect([when, stdout]).toEqual([when, expect.stringContaining('✓ ')])
    for (const records of Object.values(expectWholeCache(workspace.root))) records.forEach(expectTruth)
    const again = await expectRun(workspace, version, /^$/, when)
    expect([when, again.stdout]).toEqual([when, expect.stringContaining('Nothing to do: 2 up to date')])
  }
}, 3_600_000)

async function expectRun(workspace: Workspace, version: number, said: RegExp, when = 'at first') {
  const ended = await workspace.run('run', 'join')
  expect([when, ended.exitCode, ended.stderr]).toEqual([when, 0, expect.stringMatching(said)])
  expect({ when, ...outputsOf(workspace) }).toEqual({ when, ...expectedOutputs(version) })
  return ended
}

/** What a record says that an action made is what that action makes. */
function expectTruth({ task, action, outputs }: TaskRecord): void {
  const version = [0, 1, 2].find((one) =>
    task === 'slow'
      ? action.files['in/version'] === sha256(`${one}`)
      : action.needs.slow!['out/slow/1'] === `${sha256(`1 of ${one}\n`)}+x`,
  )!
  const made = Object.entries(expectedOutputs(version)).filter(([path]) => path.startsWith(task))
  const states = made.map(([path, content]) => [
    `out/${path}`,
    path.endsWith('link')
      ? { link: content }
      : { digest: sha256(content), size: content.length, executable: path.endsWith('1') },
  ])
  expect(outputs).toEqual(Object.fromEntries(states))
}

const parts = Array.from({ length: 10 }, (_, index) => `${index + 1}`)

function expectedOutputs(version: number): Record<string, string> {
  const made = parts.map((part) => [`slow/${part}`, `${part} of ${version}\n`] as const)
  const link = { 'slow/link': `version-${version}` }
  return {
    ...Object.fromEntries(made),
    ...link,
    join: parts.map((part) => `${part} of ${version}\n`).join(''),
  }
}

function outputsOf(workspace: Workspace): Record<string, string> {
  const folder = join(workspace.root, 'out')
  const paths = readdirSync(folder, { recursive: true }).map(String)
  const files = paths.filter((path) => !lstatSync(join(folder, path)).isDirectory())
  return Object.fromEntries(
    files.map((path) => {
      const isLink = lstatSync(join(folder, path)).isSymbolicLink()
      return [path, isLink ? readlinkSync(join(folder, path)) : readFileSync(join(folder, path), 'utf8')]
    }),
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A task that takes its time for many files, and one that joins them. */
function slowWorkspace(): Workspace {
  return new Workspace({
    'in/version': '0',
    'tasks/index.ts': `
      import { main, task } from 'ENGINE'
      const slow = task({
        module: import.meta.url,
        name: 'slow',
        description: 'Make files one by one',
        inputs: { files: ['in/version'] },
        outputs: { files: ['out/slow/**'] },
        async run({ $ }) {
          await $\`
            version=$(cat in/version)
            for part in ${parts.join(' ')}; do
              printf "$part of " > out/slow/$part
              sleep 0.05
              echo $version >> out/slow/$part
            done
            chmod +x out/slow/1
            ln -s version-$version out/slow/link\`
        },
      })
      const join = task({
        module: import.meta.url,
        name: 'join',
        description: 'Join them',
        needs: [slow],
        outputs: { files: ['out/join'] },
        async run({ $ }) {
          await $\`for part in ${parts.join(' ')}; do cat out/slow/$part >> out/join; sleep 0.02; done\`
        },
      })
      await main({ tasks: [slow, join] })
    `,
  })
}
