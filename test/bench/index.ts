/** `npm run bench`: measures this engine and other build tools on the same workloads; README.md says how. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { howToInstall, install, isInstalled, meter, sourcesOf } from './installed.ts'
import { interruption } from './interruption.ts'
import { machine, versions } from './machine.ts'
import { type Options, readOptions } from './options.ts'
import { Refusal } from './refusal.ts'
import { report } from './report.ts'
import { hold } from './session.ts'
import type { Tool } from './tools/tool.ts'

try {
  await bench(readOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
}

async function bench({ install: wanted, tools, workloads, folder, ...options }: Options): Promise<void> {
  if (wanted) return install([meter, ...tools.flatMap(sourcesOf)])
  if (!isInstalled(meter))
    throw new Refusal(`python3 measures the others. To install it: ${howToInstall(meter)}`)
  const there = tools.filter(isThere)
  console.log(`${machine()}\n${versions(there)}\n`)
  const signal = interruption()
  mkdirSync(folder, { recursive: true })
  for (const workload of workloads) {
    const own = mkdtempSync(join(folder, 'bench-'))
    try {
      const results = await hold({ ...options, workload, tools: there, folder: own, signal, tell })
      console.log(report(workload, results))
    } finally {
      rmSync(own, { recursive: true, force: true })
    }
  }
  console.log(`Afterwards: ${machine()}`)
}

function isThere(tool: Tool): boolean {
  const missing = sourcesOf(tool).filter((source) => !isInstalled(source))
  for (const source of missing)
    console.log(`Left out, since it is not installed: ${tool.name}. To install it: ${howToInstall(source)}`)
  return missing.length === 0
}

function tell(what: string): void {
  console.error(what)
}
