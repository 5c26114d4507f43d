import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ZodType } from 'zod'
import type { Cluster } from '../../model/cluster.ts'
import type { Roles } from '../../model/host.ts'
import { nearest } from '../../model/nearest.ts'
import type { ClusterFileIssue } from '../../model/problem.ts'
import { UsageError } from '../../model/problem.ts'
import { expandHome } from '../ssh/home-path.ts'
import { hostsOf, sshSection } from './cluster-hosts.ts'
import type { Issue } from './cluster-schema.ts'
import { check } from './cluster-schema.ts'
import { isUser, parseHostAddress } from './host-address.ts'
import type { LineOf } from './yaml-lines.ts'
import { parseYaml } from './yaml-lines.ts'

export interface ClusterFileOptions {
  roles: Roles
  /** Of all that is not the engine's: name, user, hosts, ssh. */
  schema?: ZodType
}

/**
 * Reads a cluster file. What is wrong with it is one `UsageError` with every issue, its line and what was expected.
 * Paths under `ssh` are from the file's folder.
 */
export async function readClusterFile(path: string, { roles, schema }: ClusterFileOptions): Promise<Cluster> {
  const { value, lineOf, errors } = parseYaml(await textOf(path))
  if (errors.length > 0) fail(path, errors)
  if (!isMap(value))
    fail(path, [{ line: 1, path: '', problem: 'must hold names with values: at least `hosts:`' }])
  const { name, user, hosts, ssh, ...rest } = value
  const issues: Issue[] = []
  const engine = {
    name: nameFrom(name, issues),
    user: userFrom(user, issues),
    ssh: check(sshSection, ssh ?? {}, ['ssh'], issues) as Record<string, string> | undefined,
  }
  const byRole = hostsOf(hosts, roles, engine.user, issues)
  const config = check(schema, rest, [], issues, ['name', 'user', 'hosts', 'ssh'])
  if (issues.length > 0)
    fail(
      path,
      issues.map((issue) => located(issue, lineOf)),
    )
  const inFull = (file: string) => resolve(dirname(path), expandHome(file))
  return {
    name: engine.name,
    hosts: byRole,
    ssh: Object.fromEntries(Object.entries(engine.ssh ?? {}).map(([key, file]) => [key, inFull(file)])),
    config,
  }
}

/** A cluster whose hosts were given on the command line: `[user@]host[:port]`, by role. All else has its default. */
export function clusterFromFlags(
  given: Record<string, string[]>,
  { roles, schema, user }: ClusterFileOptions & { user?: string },
): Cluster {
  for (const [role, texts] of Object.entries(given))
    for (const text of texts)
      if (!parseHostAddress(text))
        throw new UsageError({
          kind: 'bad-option',
          option: `--${role}`,
          problem: `\`${text}\` is not a host: write \`[user@]host[:port]\`, an IPv6 address in brackets`,
        })
  const issues: Issue[] = []
  const hosts = hostsOf(given, roles, user, issues)
  const [wrong] = issues
  if (wrong)
    throw new UsageError({
      kind: 'bad-option',
      option: `--${String(wrong.path[1] ?? 'hosts')}`,
      problem: wrong.problem,
    })
  const config = check(schema, {}, [], issues)
  if (issues.length > 0)
    throw new UsageError({
      kind: 'no-cluster',
      detail: `Options name the hosts only, and more is needed: ${issues.map(({ path, problem }) => `\`${path.map(String).join('.')}\` ${problem}`).join('; ')}.`,
      advice: 'Write a cluster file (`init` helps).',
    })
  return { name: defaultName, hosts, ssh: {}, config }
}

const defaultName = 'devcluster'

function nameFrom(name: unknown, issues: Issue[]): string {
  if (typeof name === 'string' && /^[A-Za-z0-9][\w.-]*$/.test(name)) return name
  if (name !== undefined)
    issues.push({ path: ['name'], problem: 'must be a word of letters, digits, `.`, `_` and `-`' })
  return defaultName
}

function userFrom(user: unknown, issues: Issue[]): string | undefined {
  if (user === undefined || (typeof user === 'string' && isUser(user))) return user
  issues.push({ path: ['user'], problem: 'must be the name of a user to log in as' })
  return undefined
}

function located({ path, problem, unknown }: Issue, lineOf: LineOf): ClusterFileIssue {
  const [near] = unknown ? nearest(unknown.key, unknown.known) : []
  const line = lineOf(path)
  return { ...(line && { line }), path: path.map(String).join('.'), problem, ...(near && { nearest: near }) }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return fail(path, [
      { path: '', problem: code === 'ENOENT' ? 'does not exist' : `cannot be read: ${message}` },
    ])
  }
}

function fail(file: string, issues: ClusterFileIssue[]): never {
  const inOrder = issues.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
  throw new UsageError({ kind: 'bad-cluster-file', file, issues: inOrder })
}
