import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openFleet } from '../../../lib/hosts/fleet.ts'
import { failureInWords } from '../../../lib/report/words/failure.ts'
import { EngineRig } from '../../rig/engine.ts'
import type { Sshd } from '../../rig/sshd.ts'
import { startSshd } from '../../rig/sshd.ts'

let sshd: Sshd

beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd?.stop())

const marker = randomBytes(8).toString('hex')

/** A workspace with a secret, whose cluster is that one host. */
function workspace(): EngineRig {
  vi.stubEnv('TOKEN', `it's "${marker}" $(id)\nand ${marker} once more`)
  const rig = new EngineRig()
  rig.fleet = openFleet(sshd.cluster)
  rig.lease = sshd.host
  onTestFinished(async () => {
    await rig.fleet.close()
    vi.unstubAllEnvs()
  })
  return rig
}

/** Files below a folder that hold the marker. */
const filesWithMarker = (folder: string) =>
  (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(marker))

/** Looks again and again which command lines hold the marker, until it is stopped. */
function watchCommandLines() {
  const seen = new Set<string>()
  let looks = 0
  const look = () => {
    looks++
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        if (line.includes(marker)) seen.add(line)
      } catch {
        // It has ended meanwhile.
      }
  }
  const timer = setInterval(look, 5)
  return () => {
    clearInterval(timer)
    expect(looks).toBeGreaterThan(20)
    return [...seen]
  }
}

const prints = `
printf 'the token is %s\\n' "$TOKEN"
env
printf '%s' "$TOKEN" | wc -c >"$ROOT/length"
sleep 0.3
exit "$CODE"
`

test.each([0, 7])(
  'of a secret that a script uses, prints and ends with %i, nothing is to be seen anywhere else',
  async (code) => {
    const rig = workspace()
    rig.write({ 'remote-scripts/use.sh': prints, 'local.txt': 'local\n' })
    rig.task({
      name: 'use',
      on: 'hosts',
      inputs: { files: ['remote-scripts/use.sh', 'local.txt'], secrets: ['TOKEN'], values: { code } },
      outputs: { files: ['/length'] },
      run: async ({ host, $, log, warn }) => {
        await $`env; printf '%s\n' "$TOKEN" >&2`
        log(`a log of ${process.env.TOKEN}`)
        warn(`a warning of ${process.env.TOKEN}`)
        await host.upload(['local.txt'], '/srv')
        await host.script('use.sh', { env: { CODE: `${code}` } })
      },
    })
    const commandLines = watchCommandLines()
    const { events, statuses } = await rig.run(['use'])
    expect(commandLines()).toEqual([])
    expect(statuses).toEqual({ 'use@host-1': code === 0 ? 'ran' : 'failed' })
    expect(readFileSync(join(sshd.host.root, 'length'), 'utf8').trim()).toBe(`${process.env.TOKEN!.length}`)
    expect(JSON.stringify(events)).toContain('the token is ***')
    expect(JSON.stringify(events)).not.toContain(marker)
    expect(filesWithMarker(rig.root)).toEqual([])
    // What a script prints of its own accord lies in its job's log, which only the login user can read.
    const leftThere = new Set(filesWithMarker(sshd.host.root).map((path) => path.split('/').at(-1)))
    expect(leftThere).toEqual(new Set(['log']))
    const jobs = join(sshd.host.root, 'var/lib/aurora-mesosphere/jobs')
    expect(statSync(jobs).mode & 0o077).toBe(0)
  },
)

test('a script sees what its task declares, and nothing else of this machine', async () => {
  const rig = workspace()
  rig.write({ 'remote-scripts/env.sh': 'env | cut -d = -f 1 | sort | tr "\\n" " "\n' })
  rig.task({
    name: 'env',
    on: 'hosts',
    inputs: { files: ['remote-scripts/env.sh'] },
    run: ({ host }) => host.script('env.sh', { env: { GIVEN: 'given' } }),
  })
  const { events } = await rig.run(['env'])
  const printed = events.map((event) => (event.type === 'task-output' ? event.text : '')).join('')
  expect(printed.trim().split(' ')).toEqual([
    'GIVEN',
    'HOME',
    'LANG',
    'OLDPWD',
    'PATH',
    'PWD',
    'ROOT',
    'SHLVL',
    '_',
  ])
})

test('a secret in a command line is refused, and not shown', async () => {
  const rig = workspace()
  rig.write({ 'remote-scripts/use.sh': 'true\n' })
  const inputs = { files: ['remote-scripts/use.sh'], secrets: ['TOKEN'] }
  const curl = ['curl', '-H', `Authorization: ${process.env.TOKEN}`]
  rig.task({ name: 'exec', on: 'hosts', inputs, run: async ({ host }) => void (await host.exec(curl)) })
  rig.task({ name: 'ask', on: 'hosts', inputs, run: async ({ host }) => void (await host.ask(curl)) })
  rig.task({ name: 'script', on: 'hosts', inputs, run: ({ host }) => host.script('use.sh', { args: curl }) })
  const commandLines = watchCommandLines()
  const { failures } = await rig.run(['exec', 'ask', 'script'], { keepGoing: true })
  expect(commandLines()).toEqual([])
  for (const name of ['exec', 'ask', 'script'])
    expect(failureInWords(failures[`${name}@host-1`]!)).toEqual({
      what: `A command line would show a secret to everybody on host-1.`,
      next: 'Let a script of `remote-scripts/` read it from its environment, where declared secrets are.',
    })
})
