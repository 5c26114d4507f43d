import { expect, it } from 'vitest'
import { hostOfProgram } from '../../rig/host-of-program.ts'
import { isRoot } from '../../rig/small-disk.ts'

it.runIf(isRoot).each(['fish', 'tcsh'])(
  'where the login shell is %s, a task does all that it does elsewhere, and stands',
  { timeout: 60_000 },
  async (loginShell) => {
    const { workspace } = await hostOfProgram(
      `
        log(await host.exec(['printenv', 'SHELL']))
        await host.upload(['remote-scripts/make.sh'], '/var/lib/place')
        await host.script('make.sh', { args: ["it's\\n\\\\done!"] })
        log(String(await host.read('/var/lib/place/made')))
      `,
      { 'make.sh': 'printf %s "$1" >/var/lib/place/made' },
      { loginShell },
    )
    const declarations = `
      outputs: { files: ['/var/lib/place/*'] },
      inputs: { facts: { zone: { command: 'echo "it\\'s"' } },`
    workspace.write('tasks/index.ts', workspace.read('tasks/index.ts').replace('inputs: {', declarations))
    const first = await workspace.run('run', 'work')
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(first.stdout).toContain(`bin/${loginShell}\n`)
    expect(first.stdout).toMatch(/it's\n.*\\done!\n/)
    expect((await workspace.run('run', 'work')).stdout).toContain('up to date')
  },
)
