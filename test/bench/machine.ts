import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { modulesFolder } from './installed.ts'
import type { Program, Source, Tool } from './tools/tool.ts'

/** What figures depend on: the machine, how busy it was, and the versions of everything. */
export function machine(): string {
  const [processor, ...more] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const load = loadavg().map((number) => number.toFixed(1))
  return [
    `${more.length + 1} × ${processor?.model.trim()}, ${memory} GB, ${type()} ${release()}, Node ${process.version}`,
    `load ${load.join(' ')}`,
  ].join('; ')
}

export function versions(tools: Pick<Tool, 'name' | 'comesFrom'>[]): string {
  return tools.map(({ name, comesFrom }) => `${name} ${versionOf(comesFrom)}`).join(', ')
}

function versionOf(source: Source): string {
  if ('npm' in source)
    return JSON.parse(readFileSync(join(modulesFolder(source)!, source.npm, 'package.json'), 'utf8')).version
  if ('program' in source) return numberPrinted(source)
  return printedBy('git', 'describe', '--always', '--dirty').trim() || unknown
}

const unknown = 'of unknown version'

function numberPrinted({ program, versionOption = '--version' }: Program): string {
  return /\d+(\.\d+)+/.exec(printedBy(program, versionOption))?.[0] ?? unknown
}

function printedBy(program: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { cwd: import.meta.dirname, encoding: 'utf8' })
  return stdout || stderr || ''
}
