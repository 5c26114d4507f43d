import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from './refusal.ts'
import type { Source, Tool } from './tools/tool.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/** What the harness itself cannot do without. */
export const meter: Source = { program: 'python3', debian: 'python3-minimal' }

const git: Source = { program: 'git', debian: 'git' }

export function sourcesOf({ comesFrom, inGit }: Tool): Source[] {
  return inGit ? [comesFrom, git] : [comesFrom]
}

export function isInstalled(source: Source): boolean {
  if ('program' in source)
    return (process.env.PATH ?? '')
      .split(delimiter)
      .some((folder) => existsSync(join(folder, source.program)))
  return 'checkout' in source || existsSync(join(here, 'node_modules', source.npm))
}

/** Packages of tools from npm are installed beside this file, everything else with the product. */
export function modulesFolder(source: Source): string | undefined {
  if ('program' in source) return undefined
  return join(here, 'npm' in source ? '.' : '../..', 'node_modules')
}

export function howToInstall(source: Source): string {
  if ('checkout' in source) return 'npm ci'
  return 'npm' in source ? 'npm run bench -- --install' : `apt-get install ${source.debian}`
}

/** Installs what is missing: packages of npm here, those of Debian where that is ours to do. */
export function install(sources: Source[]): void {
  const missing = sources.filter((source) => !isInstalled(source))
  if (missing.some((source) => 'npm' in source))
    run('npm', 'ci', '--prefix', here, '--ignore-scripts', '--no-audit', '--no-fund')
  const debian = [...new Set(missing.flatMap((source) => ('debian' in source ? [source.debian] : [])))]
  if (debian.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Refusal(
      `Only root on Debian can install ${debian.join(', ')}. Install them yourself, or leave them out.`,
    )
  run('apt-get', 'update', '-q')
  run('apt-get', 'install', '-q', '-y', '--no-install-recommends', ...debian)
}

function run(program: string, ...args: string[]): void {
  console.log(`$ ${program} ${args.join(' ')}`)
  const { status } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) throw new Refusal(`\`${program} ${args.join(' ')}\` failed: see above.`)
}
