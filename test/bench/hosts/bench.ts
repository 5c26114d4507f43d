/** Measures one scenario, in a world of its own: `bench.ts FOLDER OPTION…`. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { readOptions } from './options.ts'
import { report } from './report.ts'
import { hold } from './session.ts'

const [folder = '', ...args] = process.argv.slice(2)
const { contenders, rounds, forks, scenarios } = readOptions(args)
furnish()
for (const scenario of scenarios) {
  const results = await hold({ scenario, contenders, rounds, forks, folder, tell: console.error })
  console.log(report(scenario, results))
}
// The hosts end with us.
process.exit()

/** What is written lies in memory: the disk of this machine is one, and hosts have one each. */
function furnish(): void {
  mount('-t', 'tmpfs', 'tmpfs', folder)
  const ssh = join(folder, 'ssh')
  mkdirSync(ssh)
  mount('--bind', ssh, '/etc/ssh')
  const personal = join(userInfo().homedir, '.ssh')
  if (existsSync(personal)) mount('-t', 'tmpfs', 'tmpfs', personal)
  mount('-t', 'tmpfs', 'tmpfs', '/run')
  for (const path of ['/run/sshd', '/run/netns']) mkdirSync(path)
}

function mount(...args: string[]): void {
  execFileSync('mount', args)
}
