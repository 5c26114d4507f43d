import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Deployment } from './deployment.ts'
import { everything, firstRun } from './instances.ts'
import type { RunStory } from './program.ts'
import { program, runJson } from './program.ts'

/** What a deployment must do wherever its hosts are. Each story takes up where the one before ended: all deployed. */
export function tellStories<Place extends Deployment>(open: () => Promise<Place>): () => Place {
  let place: Place
  let deployed = false
  beforeAll(async () => {
    place = await open()
  })
  afterAll(() => place?.close())
  beforeEach(({ skip, task }) => skip(!deployed && task.name !== firstRun, 'nothing is deployed'))
  const runStart = (...args: string[]) => runJson(place.root, ['run', 'start', ...args, ...place.options])

  test(firstRun, async () => {
    const story = await runStart()
    expectOk(story)
    expect(story.having('ran')).toEqual(everything)
    deployed = true
  })

  test('the scheduler and every observer answer where the run says that they are', async () => {
    const links = await linksOf(place)
    expect(links).toHaveLength(5)
    for (const { origin } of links) expect(await get(`${origin}/health`)).toMatch(/^OK/i)
    const vars = await get(`${links[0]!.origin}/vars`)
    expect(vars).toMatch(/^framework_registered 1$/m)
    expect(vars).toMatch(/^scheduler_lifecycle_ACTIVE 1$/m)
  })

  test('a second run finds nothing to do', async () => {
    const story = await runStart()
    expectOk(story)
    expect(story.having('up-to-date')).toEqual(everything)
  })

  test('`smoke-test` runs a job, reads what it says on its slave, and kills it', async () => {
    const story = await runJson(place.root, ['run', 'smoke-test', ...place.options])
    expectOk(story)
    expect(story.stdout).toMatch(/The cluster runs jobs: \S+-devel-smoke_test-\S+ ran on /)
  })

  test('a slave that lost its executors gets them again, and no other does', async () => {
    await place.shell('slave-2', 'rm -rf "$ROOT"/var/lib/aurora-mesosphere/executors/releases/*')
    const story = await runStart()
    expectOk(story)
    expect(story.having('ran')).toEqual(['distribute@slave-2'])
  })

  test('an edited script runs its task again, and what its changed outputs reach', async () => {
    const script = join(place.root, 'remote-scripts/aurora_install_clustersjson.sh')
    await appendFile(script, '# edited\n')
    const story = await runStart()
    expectOk(story)
    expect(story.having('ran')).toEqual(['build-client@master', 'stage-eggs@master'])
  })

  test('a killed scheduler is started again, and nothing else runs', async () => {
    await place.shell('master', killScheduler)
    const story = await runStart()
    expectOk(story)
    expect(story.having('ran')).toEqual(['start@master'])
    const [link] = await linksOf(place)
    expect(await get(`${link!.origin}/health`)).toMatch(/^OK/i)
  })

  test('a failing script shows its last lines and the path of its log', async () => {
    const script = join(place.root, 'remote-scripts/aurora_install_clustersjson.sh')
    const whole = await readFile(script, 'utf8')
    await writeFile(script, `${whole}\necho 'the disk is on fire'\nexit 7\n`)
    const { exitCode, stdout, stderr } = await program(place.root, ['run', 'build-client', ...place.options])
    await writeFile(script, whole)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('the disk is on fire')
    const log = '.cache/logs/build-client@master.log'
    expect(stdout + stderr).toContain(log)
    expect(await readFile(join(place.root, log), 'utf8')).toContain('the disk is on fire')
    expectOk(await runStart())
  })

  return () => place
}

export function expectOk({ exitCode, stdout, stderr }: RunStory): void {
  expect(exitCode, `${stderr}\n${stdout.split('\n').slice(-30).join('\n')}`).toBe(0)
}

export async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  expect(response.status, url).toBe(200)
  return response.text()
}

/** Where a run says that what it started is to be seen: the scheduler, then the observers. */
export async function linksOf({ root, options }: Deployment): Promise<URL[]> {
  const { stdout } = await program(root, ['run', 'start', ...options])
  return [...stdout.matchAll(/https?:\S+/g)].map(([url]) => new URL(url))
}

/** The loop that restarts it included, which else would do so within seconds. */
const killScheduler = 'kill -9 -- "-$(cut -d " " -f 1 "$ROOT/var/run/aurora/scheduler.pid")"'
