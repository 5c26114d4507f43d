import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import type { Cluster } from '../../model/cluster.ts'
import type { Diagnosis, Finding } from '../../model/diagnosis.ts'

interface Here {
  /** Absolute path of the workspace. */
  root: string
  cluster: Cluster
  /** Commands that must succeed, by the program's name. */
  programs: Record<string, string[]>
}

/** Examines the operator's own machine. */
export async function examineHere({ root, cluster, programs }: Here): Promise<Diagnosis[]> {
  const hosts = Object.values(cluster.hosts).flat().length
  const usesOpenSsh = hosts > 0 && !cluster.ssh.standalone
  const found = await Promise.all([
    node(),
    disk(root),
    ...(usesOpenSsh ? [openSsh(), agent()] : []),
    ...Object.entries(programs).map(([name, argv]) => program(name, argv)),
  ])
  const named: Finding = { kind: 'cluster', name: cluster.name, hosts }
  return [...found.flat(), ...(hosts > 0 ? [here('cluster', 'ok', named)] : [])]
}

export function here(check: string, state: Diagnosis['state'], finding: Finding): Diagnosis {
  return { host: null, check, state, finding }
}

/** What the libraries need. */
const leastNode = '20.19.0'

async function node(): Promise<Diagnosis> {
  const { node: version } = process.versions
  const isEnough = version.localeCompare(leastNode, 'en', { numeric: true }) >= 0
  return here('node', isEnough ? 'ok' : 'bad', { kind: 'node', version, least: leastNode })
}

async function disk(root: string): Promise<Diagnosis> {
  const { bavail, bsize } = await statfs(root)
  const free = bavail * bsize
  return here('disk', free < 200e6 ? 'bad' : free < 5e9 ? 'warn' : 'ok', { kind: 'disk', path: root, free })
}

async function openSsh(): Promise<Diagnosis> {
  const { exitCode, output } = await run(['ssh', '-V'])
  const version = exitCode === 0 ? output.trim() : null
  return here('ssh', version === null ? 'bad' : 'ok', { kind: 'ssh', version })
}

/** Without an agent, keys in files do; one that does not answer was surely meant to. */
async function agent(): Promise<Diagnosis[]> {
  if (!process.env.SSH_AUTH_SOCK) return []
  const { exitCode, output } = await run(['ssh-add', '-l'])
  const keys = exitCode === 0 ? output.trim().split('\n').length : exitCode === 1 ? 0 : null
  return [here('agent', keys === null ? 'warn' : 'ok', { kind: 'agent', keys })]
}

async function program(name: string, argv: string[]): Promise<Diagnosis> {
  const works = (await run(argv)).exitCode === 0
  return here(name, works ? 'ok' : 'bad', { kind: 'program', command: argv.join(' '), works })
}

/** @returns both outputs, and no exit code for what could not be started or took too long */
function run([command = '', ...args]: string[]): Promise<{ exitCode?: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { timeout: 10_000 }, (error, stdout, stderr) => {
      const code = error ? error.code : 0
      resolve({ ...(typeof code === 'number' && { exitCode: code }), output: `${stdout}${stderr}` })
    })
    child.stdin?.end()
  })
}
