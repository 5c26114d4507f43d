import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface MarkedProcess {
  pid: number
  group: number
}

/** Processes that have `name=value` in the environment that they were started with. */
export function findMarkedProcesses(name: string, value: string): MarkedProcess[] {
  const marker = `${name}=${value}`
  return process.platform === 'linux' ? fromProc(marker) : fromPs(marker)
}

function fromProc(marker: string): MarkedProcess[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(marker)) return []
      const afterName = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').pop()!
      return [{ pid: Number(entry), group: Number(afterName.split(' ')[2]) }]
    } catch {
      return [] // gone meanwhile, or another user's
    }
  })
}

function fromPs(marker: string): MarkedProcess[] {
  const lines = execFileSync('ps', ['-axEww', '-o', 'pid=,pgid=,command='], { encoding: 'utf8' }).split('\n')
  return lines
    .filter((line) => line.includes(` ${marker}`))
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, group]) => ({ pid: Number(pid), group: Number(group) }))
}
