import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { modulesFolder } from './installed.ts'
import type { Source, Tool } from './tools/tool.ts'

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

export function versions(tools: Tool[]): string {
  return tools.map(({ name, comesFrom }) => `${name} ${versionOf(comesFrom)}`).join(', ')
}

function versionOf(source: Source): string {
  if ('npm' in source)
    return JSON.parse(readFileSync(join(modulesFolder(source)!, source.npm, 'package.json'), 'utf8')).version
  if ('program' in source) return /\d+(\.\d+)+/.exec(printedBy(source.program, '--version'))?.[0] ?? unknown
  return printedBy('git', 'describe', '--always', '--dirty').trim() || unknown
}

const unknown = 'of unknown version'

function printedBy(program: string, ...args: string[]): string {
  return spawnSync(program, args, { cwd: import.meta.dirname, encoding: 'utf8' }).stdout ?? ''
}
