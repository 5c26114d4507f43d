import { readFile } from 'node:fs/promises'
import { docker, dockerLines } from '../docker.ts'

/** On everything that the rig makes in Docker: which process it belongs to. */
const label = 'aurora-mesosphere.test.owner'

/** Arguments for `docker create`, `run` and `network create`. */
export async function ownedByUs(): Promise<string[]> {
  return ['--label', `${label}=${process.pid}/${await startedAt(process.pid)}`]
}

/** Removes the containers, networks and images of test runs that are no more. */
export async function removeLeftovers(): Promise<void> {
  await removeOrphans('container', '.Config.Labels', ['rm', '--force', '--volumes'])
  await removeOrphans('network', '.Labels', ['rm'])
  await removeOrphans('image', '.Config.Labels', ['rm', '--force'])
}

async function removeOrphans(kind: string, labels: string, remove: string[]): Promise<void> {
  const all = kind === 'container' ? ['--all'] : []
  const ids = await dockerLines(kind, 'ls', '--quiet', ...all, '--filter', `label=${label}`)
  if (ids.length === 0) return
  const format = `{{.Id}} {{index ${labels} "${label}"}}`
  const owned = await dockerLines(kind, 'inspect', '--format', format, ...ids)
  const orphans = await Promise.all(owned.map(orphaned))
  if (orphans.flat().length > 0) await docker(kind, ...remove, ...orphans.flat())
}

/** The id of what belongs to a process that is no more. */
async function orphaned(line: string): Promise<string[]> {
  const [id, owner] = line.split(' ') as [string, string]
  const [pid, started] = owner.split('/')
  return (await startedAt(Number(pid))) === started ? [] : [id]
}

/** When a process began, in clock ticks since boot: tells it from a later one of the same number. */
async function startedAt(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}
