import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { $ } from 'zx/core'
import { Failed } from '../../lib/index.ts'
import { buildInDocker } from '../../tasks/eggs/docker-builder.ts'

/** What goes wrong with Docker. That all goes well is proved on the real one, by the end-to-end tests. */

let root: string
let checkEggs: (names: string[]) => void
beforeEach(() => {
  checkEggs = () => {}
  root = mkdtempSync(join(tmpdir(), 'docker-builder-'))
  mkdirSync(join(root, 'bin'))
  writeFileSync(join(root, 'mesos.tar.gz'), 'source')
  const scripts = join(dirname(dirname(import.meta.dirname)), 'remote-scripts')
  mkdirSync(join(root, 'remote-scripts'))
  for (const name of readdirSync(scripts))
    writeFileSync(join(root, 'remote-scripts', name), readFileSync(join(scripts, name)))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true, force: true })
})

/** Puts a `docker` on the PATH that writes down what it is asked and then does as the first fitting case says. */
function fakeDocker(cases = ''): void {
  const program = `#!/bin/bash\nROOT='${root}'\necho "$*" >>"$ROOT/asked"\ncase "$*" in\n${cases}\n${well}\nesac\n`
  writeFileSync(join(root, 'bin/docker'), program)
  chmodSync(join(root, 'bin/docker'), 0o755)
  vi.stubEnv('PATH', `${join(root, 'bin')}:/usr/bin:/bin`)
}

const asked = () => readFileSync(join(root, 'asked'), 'utf8').trim().split('\n')

async function build() {
  // Without SHLVL, bash takes a socket on stdin for a remote login and reads the user's own settings.
  const shell = $({ cwd: root, env: { PATH: process.env.PATH ?? '', SHLVL: '1' }, verbose: false })
  const context = { $: shell, root, log: () => {}, fresh: false, signal: new AbortController().signal }
  const container = {
    image: 'some/image',
    platform: 'linux/amd64',
    release: 'debian-7',
    aptSources: ['deb http://archive.example/debian wheezy main'],
    packages: { eggs: ['gcc'], runtime: ['python2.7'] },
  }
  const mesos = { root, source: join(root, 'mesos.tar.gz'), flags: { CXXFLAGS: '-O2 -w' }, modules: [] }
  const wanted = { check: checkEggs, into: join(root, 'dist/eggs') }
  return buildInDocker(context as never, mesos, container, wanted)
}

/** What Docker says when all goes well. */
const well = `
  run*) echo debian-7 ;;
  "image inspect"*aurora-mesosphere-eggs*) [ -e "$ROOT/kept" ] && echo sha256:prepared || exit 1 ;;
  "image inspect"*) echo sha256:base ;;
  create*) echo "container-$(wc -l <"$ROOT/asked")" ;;
  commit*) touch "$ROOT/kept" ;;
  cp*:/eggs/.*) touch "\${@: -1}/mesos.native-0.20.1-py2.7-linux-x86_64.egg" ;;
  volume*) echo volume ;;`

const refusal = () =>
  build().then(
    () => 'nothing was refused',
    (error) => (error instanceof Failed && error.failure.kind === 'refused' ? error.failure : error),
  )

it('names both ways out where Docker does not answer', async () => {
  fakeDocker('version*) echo "Cannot connect to the Docker daemon" >&2; exit 1 ;;')
  expect(await refusal()).toMatchObject({
    problem:
      "Mesos' eggs are built in Docker, and Docker does not answer here: Cannot connect to the Docker daemon",
    advice: expect.stringMatching(/install Docker.*or give eggs/),
  })
})

it('says so when the programs of an old image crash on this kernel', async () => {
  fakeDocker('run*) exit 139 ;;')
  expect(await refusal()).toMatchObject({ advice: expect.stringContaining('vsyscall=emulate') })
})

it('says so when there is no such image', async () => {
  fakeDocker('run*) echo "Unable to find image" >&2; exit 125 ;;')
  expect(await refusal()).toMatchObject({ problem: 'Docker cannot run some/image: Unable to find image' })
})

it('refuses an image of another platform', async () => {
  fakeDocker('run*) echo ubuntu-14.04 ;;')
  expect(await refusal()).toMatchObject({
    problem: expect.stringMatching(/^The eggs are for debian-7, but some\/image is ubuntu-14\.04/),
  })
})

it('removes its containers and its folder when the build fails', async () => {
  fakeDocker('ps*) echo abc123 ;;\nstart*) exit 2 ;;')
  await expect(build()).rejects.toThrow()
  expect(asked().at(-1)).toBe('rm --force --volumes abc123')
  expect(existsSync(join(root, '.cache/build/mesos-eggs'))).toBe(false)
})

it('removes what a killed run left before it builds', async () => {
  fakeDocker('ps*) echo left-over ;;')
  await build()
  expect(asked().slice(0, 3)).toEqual([
    expect.stringMatching(/^version/),
    expect.stringMatching(/^ps .*label=aurora-mesosphere-eggs=[0-9a-f]{12}$/),
    'rm --force --volumes left-over',
  ])
})

it('keeps no eggs that could not be imported', async () => {
  fakeDocker(
    'start*) [ ! -e "$ROOT/imports" ] || exit 1 ;;\n*import_mesos_eggs.sh*) touch "$ROOT/imports" ;;',
  )
  await expect(build()).rejects.toThrow()
  expect(existsSync(join(root, 'dist/eggs'))).toBe(false)
})

it('keeps no eggs that are not what was wanted', async () => {
  fakeDocker()
  checkEggs = (names) => {
    throw new Error(`not wanted: ${names}`)
  }
  await expect(build()).rejects.toThrow('not wanted: mesos.native-0.20.1-py2.7-linux-x86_64.egg')
  expect(existsSync(join(root, 'dist/eggs'))).toBe(false)
})

it('imports the eggs in another container than the one that built them, with what slaves have', async () => {
  fakeDocker()
  await build()
  const created = asked().filter((line) => line.startsWith('create'))
  expect(created).toEqual([
    expect.stringMatching(/ sha256:base bash \/prepare\/prepare_container\.sh gcc$/),
    expect.stringMatching(/ --env CXXFLAGS=-O2 -w .* sha256:prepared bash \/work\/build_mesos_eggs\.sh$/),
    expect.stringMatching(/ sha256:prepared bash \/work\/import_mesos_eggs\.sh$/),
  ])
  expect(readdirSync(join(root, 'dist/eggs'))).toEqual(['mesos.native-0.20.1-py2.7-linux-x86_64.egg'])
})

it('makes containers for the architecture of the slaves, and gives them no folder of this machine', async () => {
  fakeDocker()
  await build()
  const made = asked().filter((line) => /^(create|run)/.test(line))
  for (const line of made) expect(line).toContain('--platform linux/amd64')
  expect(made.join('\n')).not.toContain('type=bind')
})
