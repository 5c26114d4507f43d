/** `npm run bench:hosts`: measures the engine on many hosts, beside OpenSSH's programs and Ansible; README.md says how. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { howToInstall, install, isInstalled, meter } from '../installed.ts'
import { interruption } from '../interruption.ts'
import { machine, versions } from '../machine.ts'
import { Refusal } from '../refusal.ts'
import type { Source } from '../tools/tool.ts'
import { type Options, readOptions } from './options.ts'
import { inWorldOfItsOwn } from './world-of-its-own.ts'

const needed: Source[] = [
  meter,
  { program: 'ssh', debian: 'openssh-client' },
  { program: 'sshd', debian: 'openssh-server' },
  { program: 'ip', debian: 'iproute2' },
  { program: 'curl', debian: 'curl' },
]

try {
  const args = process.argv.slice(2)
  await bench(args, readOptions(args))
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
}

async function bench(args: string[], { install: wanted, contenders, scenarios }: Options): Promise<void> {
  const sources = [...needed, ...contenders.map(({ comesFrom }) => comesFrom)]
  if (wanted) return install(sources)
  if (process.getuid?.() !== 0)
    throw new Refusal('Only root can make hosts of this machine, with folders and networks of their own.')
  for (const source of sources)
    if (!isInstalled(source))
      throw new Refusal(`Something is missing. To install it: ${howToInstall(source)}`)
  console.log(`${machine()}\n${versions(contenders)}\n`)
  const signal = interruption()
  for (const { name } of scenarios) await inFolder([...args, '--scenarios', name], signal)
  console.log(`Afterwards: ${machine()}`)
}

async function inFolder(args: string[], signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hosts-'))
  try {
    await inWorldOfItsOwn(new URL('bench.ts', import.meta.url), [folder, ...args], signal)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
