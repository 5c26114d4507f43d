import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { hostOfProgram } from '../../rig/host-of-program.ts'
import { isRoot } from '../../rig/small-disk.ts'
import { until } from '../../rig/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('')

/** Says lines up to 50, waits for a file `go`, and says more. */
const counting = `
  echo start >>"$FOLDER/starts"
  for n in $(seq 1 50); do echo "line $n"; done
  while [ ! -e "$FOLDER/go" ]; do sleep 0.05; done
  for n in $(seq 51 100); do echo "line $n"; done
`

it.runIf(isRoot)(
  'a run whose program is killed is gone on with by the next, its log from where it stood',
  async () => {
    const { workspace, there } = await hostOfProgram(`await host.script('count.sh', { env })`, {
      'count.sh': counting,
    })
    const first = workspace.start(['run', 'work'])
    await first.printed('line 50\n')
    await until(() => heard(workspace) === lines(1, 50).length)
    first.child.kill('SIGKILL')
    await first.ended
    expect(log(workspace)).toBe(lines(1, 50))

    const second = workspace.start(['run', 'work'])
    await second.printed('following it')
    writeFileSync(there('go'), '')
    const { exitCode, stdout } = await second.ended
    expect(exitCode).toBe(0)
    expect(stdout).not.toContain('line 50\n')
    expect(stdout).toContain('line 51\n')
    expect(log(workspace).replace(/^This job.*\n/m, '')).toBe(lines(1, 100))
    expect(readFileSync(there('starts'), 'utf8')).toBe('start\n')
    expect((await workspace.run('run', 'work')).stdout).toContain('up to date')
  },
)

it.runIf(isRoot)(
  'what ended while nobody watched is taken as done, and its log is told to its end',
  async () => {
    const { workspace, there } = await hostOfProgram(
      `await host.script('first.sh', { env }); await host.script('count.sh', { env })`,
      { 'first.sh': 'echo first >>"$FOLDER/starts"; printf "first, without an end"', 'count.sh': counting },
    )
    const run = workspace.start(['run', 'work'])
    await run.printed('line 50\n')
    run.child.kill('SIGKILL')
    writeFileSync(there('go'), '')
    await run.ended
    expect((await workspace.run('run', 'work')).exitCode).toBe(0)
    const told = log(workspace).replace(/^This job.*\n/gm, '')
    expect(told).toBe(`first, without an end\n${lines(1, 100)}`)
    expect(readFileSync(there('starts'), 'utf8')).toBe('first\nstart\n')
    expect(existsSync(`${workspace.root}/.cache/logs/work@host-1.heard`)).toBe(false)
  },
)

it.runIf(isRoot)('a log whose secrets are hidden is gone on with as well', async () => {
  const { workspace, there } = await hostOfProgram(`await host.script('count.sh', { env })`, {
    'count.sh': counting,
  })
  workspace.write(
    'tasks/index.ts',
    workspace.read('tasks/index.ts').replace('inputs: {', `inputs: { secrets: ['TOKEN'],`),
  )
  const env = { TOKEN: 'line 5' }
  const first = workspace.start(['run', 'work'], { env })
  await first.printed('***0\n')
  first.child.kill('SIGKILL')
  await first.ended
  const second = workspace.start(['run', 'work'], { env })
  await second.printed('following it')
  writeFileSync(there('go'), '')
  expect((await second.ended).exitCode).toBe(0)
  expect(log(workspace).replace(/^This job.*\n/m, '')).toBe(lines(1, 100).replaceAll('line 5', '***'))
})

it.runIf(isRoot)('after an interruption by hand, the log begins anew', async () => {
  const { workspace, there } = await hostOfProgram(`await host.script('count.sh', { env })`, {
    'count.sh': counting,
  })
  const first = workspace.start(['run', 'work'])
  await first.printed('line 50\n')
  first.child.kill('SIGINT')
  expect((await first.ended).exitCode).toBe(130)
  writeFileSync(there('go'), '')
  expect((await workspace.run('run', 'work')).exitCode).toBe(0)
  expect(log(workspace)).toBe(lines(1, 100))
  expect(readFileSync(there('starts'), 'utf8')).toBe('start\nstart\n')
})

/** How much of the job's log the run has noted that it heard, in bytes. */
const heard = ({ root }: { root: string }) => {
  const path = `${root}/.cache/logs/work@host-1.heard`
  const [line] = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  return line ? Object.values<number>(JSON.parse(line).jobs)[0] : undefined
}

const log = ({ root }: { root: string }) => readFileSync(`${root}/.cache/logs/work@host-1.log`, 'utf8')
