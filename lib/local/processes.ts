import { readdirSync, readFileSync } from 'node:fs'

/** A process that lives, as far as this user may see it: a zombie has ended, though nobody has taken note of it yet. */
export interface LivingProcess {
  pid: number
  /** Its process group. */
  group: number
  /** Its command line, in one line. */
  command: string
  /** When it started, in the system's own words. */
  started: string
  /** True when it was started with this entry, `NAME=value`, in its environment. */
  hasEnvironment(entry: string): boolean
  /** What it was started with under this name; only of values without spaces. */
  environmentValue(name: string): string | undefined
}

/** All that live, but for this one. */
export function otherProcesses(): LivingProcess[] {
  const all = process.platform === 'linux' ? processesOfProc() : processesOfPs('-ax')
  return all.filter(({ pid }) => pid !== process.pid)
}

/** Those that were started with one of the entries, `NAME=value`, in their environment; this one never counts. */
export function findProcesses(...entries: string[]): LivingProcess[] {
  return otherProcesses().filter(({ hasEnvironment }) => entries.some(hasEnvironment))
}

/** Undefined when no process of that number lives. */
export function findProcess(pid: number): LivingProcess | undefined {
  return process.platform === 'linux' ? processOfProc(pid) : processesOfPs('-p', String(pid))[0]
}

/** More than it takes on a machine that is busy. */
const BECOMING_MS = 200

function processesOfProc(): LivingProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => processOfProc(Number(name)))
    .filter((found) => found !== undefined)
}

function processOfProc(pid: number): LivingProcess | undefined {
  const fields = statOf(pid)
  const [state, , group] = fields
  if (!state || state === 'Z' || state === 'X') return undefined
  let command: string | undefined
  let text: string | undefined
  const environment = () => (text ??= `\0${environmentOf(pid) ?? ''}`)
  return {
    pid,
    group: Number(group),
    started: fields[19]!,
    get command() {
      return (command ??= readProc(pid, 'cmdline')?.split('\0').join(' ').trim() ?? '')
    },
    // Bash, while it reads its environment, cuts one entry after the other at the `=` for a moment.
    hasEnvironment: (entry) =>
      [entry, entry.replace('=', '\0')].some((form) => environment().includes(`\0${form}\0`)),
    environmentValue: (name) =>
      valueIn(environment(), `${name}=`, '\0') ?? valueIn(environment(), `${name}\0`, '\0'),
  }
}

/** Empty for a moment, too, while a process becomes another program. */
function environmentOf(pid: number): string | undefined {
  const until = Date.now() + BECOMING_MS
  for (;;) {
    const text = readProc(pid, 'environ')
    if (text !== '' || !mayHaveEnvironment(pid) || Date.now() > until) return text
  }
}

/** By where its memory holds one, once it is at rest: until then, it may be on its way. The kernel's own have no memory. */
function mayHaveEnvironment(pid: number): boolean {
  const fields = statOf(pid)
  const [state, size, start, end] = [fields[0], fields[20], fields[47], fields[48]]
  return Number(size) > 0 && (state === 'R' || state === 'D' || start !== end)
}

/** The fields of `stat` behind the name, which may have spaces and parentheses. */
function statOf(pid: number): string[] {
  const stat = readProc(pid, 'stat') ?? ''
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Undefined for what is gone or another user's. */
function readProc(pid: number, file: 'environ' | 'stat' | 'cmdline'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) return undefined
    throw error
  }
}

/** macOS prints the environment behind the command, separated by spaces: entries are found all the same. */
function processesOfPs(...which: string[]): LivingProcess[] {
  const commands = new Map(ps(which).map(({ pid, text }) => [pid, text]))
  return ps([...which, '-E'])
    .filter(({ state }) => !state.startsWith('Z'))
    .map(({ pid, group, started, text }) => ({
      pid,
      group,
      started,
      command: commands.get(pid) ?? text,
      hasEnvironment: (entry) => `${text} `.includes(` ${entry} `),
      environmentValue: (name) => valueIn(text, `${name}=`, ' '),
    }))
}

function valueIn(environment: string, start: string, separator: string): string | undefined {
  return environment.split(`${separator}${start}`)[1]?.split(separator)[0]
}

function ps(options: string[]) {
  const rows = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/gm
  return [...textOfPs(options).matchAll(rows)].map(([, pid, group, state, started, text]) => ({
    pid: Number(pid),
    group: Number(group),
    state: state!,
    started: started!,
    text: text!,
  }))
}

/** In one language and time zone: start times are compared between processes. */
function textOfPs(options: string[]): string {
  try {
    // Where there is no /proc; on Linux, what starts programs need not be loaded for this.
    const { execFileSync } = process.getBuiltinModule('node:child_process')
    return execFileSync('ps', [...options, '-ww', '-o', 'pid=,pgid=,state=,lstart=,command='], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    })
  } catch (error) {
    // No process of that number: `ps -p` exits with 1 and prints nothing.
    const { status, stdout } = error as { status?: number; stdout?: string }
    if (status === 1 && stdout === '') return ''
    throw error
  }
}
