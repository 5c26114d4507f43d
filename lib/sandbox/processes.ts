import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { refuse } from '../model/failure.ts'

/** How long to wait for a killed process to be gone. */
const patienceMs = 5000

/** A living process, as far as this user may see it. */
export interface MarkedProcess {
  pid: number
  /** Its process group. */
  group: number
  /** Its command line, in one line. */
  command: string
  /** True when it was started with this entry, `NAME=value`, in its environment. */
  hasEnvironment(entry: string): boolean
}

/** Living processes that were started with one of the entries, `NAME=value`, in their environment; this one never counts. */
export async function findProcesses(...entries: string[]): Promise<MarkedProcess[]> {
  const all = process.platform === 'linux' ? processesOfProc() : await processesOfPs()
  return all.filter((found) => found.pid !== process.pid && entries.some(found.hasEnvironment))
}

/** True while that process lives and was started with the entry in its environment. */
export async function isAlive(pid: number, entry: string): Promise<boolean> {
  if (process.platform === 'linux') return processOfProc(pid)?.hasEnvironment(entry) ?? false
  return (await processesOfPs(pid)).some((found) => found.hasEnvironment(entry))
}

/** When a living process started, in the system's own words; undefined when there is none of that number. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return statOf(pid)?.started
  return (await ps(['-p', String(pid), '-o', 'pid=,pgid=,state=,lstart=']))
    .filter((row) => !row.state.startsWith('Z'))
    .at(0)?.text
}

/**
 * Ends what `findProcesses(...entries)` finds, whole process groups, until it finds nothing: TERM first, KILL after the grace
 * time. Gives what was ended.
 */
export async function endProcesses(entries: string[], graceMs: number): Promise<MarkedProcess[]> {
  const ended = new Map<number, MarkedProcess>()
  const deadline = Date.now() + graceMs
  const asked = new Set<number>()
  for (;;) {
    const found = await findProcesses(...entries)
    if (found.length === 0) return [...ended.values()]
    const late = Date.now() >= deadline
    if (Date.now() >= deadline + patienceMs) refuseToWait(found)
    for (const one of found) {
      ended.set(one.pid, one)
      if (late || !asked.has(one.pid)) signalGroup(one, late ? 'SIGKILL' : 'SIGTERM')
      asked.add(one.pid)
    }
    await pause(20)
  }
}

function refuseToWait(found: MarkedProcess[]): never {
  refuse(
    `these processes do not end, even when killed: ${found.map(({ pid, command }) => `${pid} (${command})`).join(', ')}`,
    'They probably wait for a disk or a network file system; try again when that answers.',
  )
}

/** Never the group that this process is in itself. */
function signalGroup(target: MarkedProcess, signal: NodeJS.Signals): void {
  const own = target.group === ownGroup() || target.group <= 1
  for (const pid of own ? [target.pid] : [-target.group, target.pid])
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
}

function ownGroup(): number | undefined {
  return process.platform === 'linux' ? statOf(process.pid)?.group : undefined
}

function processesOfProc(): MarkedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => processOfProc(Number(name)))
    .filter((found) => found !== undefined)
}

/** Undefined for what is gone, a zombie or another user's. */
function processOfProc(pid: number): MarkedProcess | undefined {
  const stat = statOf(pid)
  const environment = stat && readProc(pid, 'environ')
  if (!stat || !environment) return undefined
  return {
    pid,
    group: stat.group,
    command: readProc(pid, 'cmdline').split('\0').join(' ').trim(),
    hasEnvironment: (entry) => `\0${environment}`.includes(`\0${entry}\0`),
  }
}

/** Undefined for what is gone or a zombie. The fields follow the name, which may have spaces and parentheses. */
function statOf(pid: number): { group: number; started: string } | undefined {
  const stat = readProc(pid, 'stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, , group] = fields
  return !state || state === 'Z' || state === 'X' ? undefined : { group: Number(group), started: fields[19]! }
}

/** Empty for what is gone or another user's. */
function readProc(pid: number, file: 'environ' | 'stat' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) return ''
    throw error
  }
}

/** macOS prints the environment behind the command, separated by spaces: entries are found all the same. */
async function processesOfPs(pid?: number): Promise<MarkedProcess[]> {
  const columns = ['-o', 'pid=,pgid=,state=,command=']
  const which = pid === undefined ? ['-ax'] : ['-p', String(pid)]
  const [bare, full] = await Promise.all([
    ps([...which, '-ww', ...columns]),
    ps([...which, '-E', '-ww', ...columns]),
  ])
  const commands = new Map(bare.map((row) => [row.pid, row.text]))
  return full
    .filter((row) => !row.state.startsWith('Z'))
    .map(({ pid, group, text }) => ({
      pid,
      group,
      command: commands.get(pid) ?? text,
      hasEnvironment: (entry) => `${text} `.includes(` ${entry} `),
    }))
}

async function ps(args: string[]): Promise<{ pid: number; group: number; state: string; text: string }[]> {
  const { stdout } = await promisify(execFile)('ps', args, { maxBuffer: 64 << 20 }).catch((error) => {
    // No process of that number: `ps -p` exits with 1 and prints nothing.
    if (error.code === 1 && error.stdout === '') return { stdout: '' }
    throw error
  })
  return [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/gm)].map(([, pid, group, state, text]) => ({
    pid: Number(pid),
    group: Number(group),
    state: state!,
    text: text!,
  }))
}
