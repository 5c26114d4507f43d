import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { clusterFromFlags, readClusterFile } from '../../../lib/hosts/cluster/cluster-file.ts'
import type { Problem } from '../../../lib/model/problem.ts'
import { UsageError } from '../../../lib/model/problem.ts'

const roles = { master: 'one', slaves: 'many' } as const
const schema = z.object({
  mesos: z
    .object({ version: z.string().default('0.20.1'), platform: z.string().default('debian-7') })
    .prefault({}),
  aurora: z.strictObject({ version: z.string(), sha256: z.string().optional() }).optional(),
})

let folder: string
let file: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'))
  file = join(folder, 'cluster.yml')
})
afterAll(() => rmSync(folder, { recursive: true }))

const read = (text: string) => {
  writeFileSync(file, text)
  return readClusterFile(file, { roles, schema })
}
const problemOf = async (work: () => unknown): Promise<Problem> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof UsageError) return error.problem
    throw error
  }
  throw new Error('it was accepted')
}
const issuesOf = async (text: string) => {
  const problem = await problemOf(() => read(text))
  expect(problem).toMatchObject({ kind: 'bad-cluster-file', file })
  return (problem as Extract<Problem, { kind: 'bad-cluster-file' }>).issues
}
const hosts = 'hosts: { master: m, slaves: [a] }\n'

describe('a cluster file', () => {
  it('names its hosts by role, and gives them the cluster’s user', async () => {
    const cluster = await read(`
name: devcluster
user: jclouds
hosts:
  master: 203.0.113.10
  slaves: [203.0.113.11, root@203.0.113.12:2222, { address: "::1", port: 2223, name: big }, 203.0.113.14]
ssh: { identity: ~/key, knownHosts: known }
mesos: { version: 0.21.0 }
`)
    const slave = { role: 'slaves', user: 'jclouds', root: '' }
    expect(cluster).toEqual({
      name: 'devcluster',
      hosts: {
        master: [{ name: 'master', role: 'master', user: 'jclouds', address: '203.0.113.10', root: '' }],
        slaves: [
          { ...slave, name: 'slave-1', address: '203.0.113.11' },
          { ...slave, name: 'slave-2', address: '203.0.113.12', user: 'root', port: 2222 },
          { ...slave, name: 'big', address: '::1', port: 2223 },
          { ...slave, name: 'slave-4', address: '203.0.113.14' },
        ],
      },
      ssh: { identity: join(homedir(), 'key'), knownHosts: join(folder, 'known') },
      config: { mesos: { version: '0.21.0', platform: 'debian-7' } },
    })
  })

  it('is refused with line and suggestion for a key that nobody knows, at any depth', async () => {
    expect(
      await issuesOf(
        `nmae: x\nuser: y\n${hosts}mesos:\n  version: "1"\n  platfrom: debian-8\nssh: { identiy: k }\n`,
      ),
    ).toEqual([
      { line: 1, path: 'nmae', problem: 'is not known', nearest: 'name' },
      { line: 6, path: 'mesos.platfrom', problem: 'is not known', nearest: 'platform' },
      { line: 7, path: 'ssh.identiy', problem: 'is not known', nearest: 'identity' },
    ])
  })

  it('is refused with line and what was expected for a value that cannot be', async () => {
    expect(await issuesOf(`${hosts}aurora:\n  sha256: 7\n`)).toEqual([
      { line: 2, path: 'aurora.version', problem: 'expected string, received undefined' },
      { line: 3, path: 'aurora.sha256', problem: 'expected string, received number' },
    ])
  })

  it('is refused for a role that is missing, unknown or too many', async () => {
    expect(await issuesOf('user: x\nhosts:\n  master: [a, b]\n  slave: [c]\n')).toEqual([
      { line: 2, path: 'hosts.slaves', problem: 'is missing: expected at least one host' },
      { line: 3, path: 'hosts.master', problem: 'expected one host, received 2' },
      { line: 4, path: 'hosts.slave', problem: 'is not a role', nearest: 'slaves' },
    ])
  })

  it('is refused for a host that cannot be one', async () => {
    const text =
      'hosts:\n  master: -oProxyCommand=x\n  slaves:\n    - a\n    - { address: b, prot: 22 }\n    - { address: c, port: 0 }\n'
    expect(await issuesOf(text)).toEqual([
      {
        line: 2,
        path: 'hosts.master',
        problem: 'expected `[user@]host[:port]`, received `-oProxyCommand=x`',
      },
      { line: 5, path: 'hosts.slaves.1.prot', problem: 'is not known', nearest: 'port' },
      { line: 6, path: 'hosts.slaves.2.port', problem: 'must be a port: 1 to 65535' },
    ])
  })

  it('is refused for a host that is there twice', async () => {
    const text = 'hosts:\n  master: m\n  slaves:\n    - a\n    - a\n    - { address: b, name: master }\n'
    expect(await issuesOf(text)).toEqual([
      { line: 5, path: 'hosts.slaves.1', problem: 'the address `a` is there already' },
      { line: 6, path: 'hosts.slaves.2', problem: 'a second host named `master`' },
    ])
  })

  it('is refused without hosts', async () => {
    expect(await issuesOf('name: x\nhosts: [a]\n')).toEqual([
      { line: 2, path: 'hosts', problem: 'must name hosts by role: `{ master: host, slaves: [host, …] }`' },
    ])
  })

  it('is refused where it is not YAML, or not there', async () => {
    const [issue] = await issuesOf('name: x\nhosts: {\n')
    expect(issue).toMatchObject({ line: 3, problem: expect.stringContaining('is not YAML') })
    expect(await issuesOf('just words\n')).toMatchObject([{ line: 1 }])
    const absent = join(folder, 'absent.yml')
    expect(await problemOf(() => readClusterFile(absent, { roles }))).toEqual({
      kind: 'bad-cluster-file',
      file: absent,
      issues: [{ path: '', problem: 'does not exist' }],
    })
  })
})

describe('hosts of the command line', () => {
  const given = { master: ['root@10.0.0.1'], slaves: ['10.0.0.2', '[::1]:2222'] }

  it('make a cluster with the defaults of all else', () => {
    expect(clusterFromFlags(given, { roles, schema, user: 'jclouds' })).toEqual({
      name: 'devcluster',
      hosts: {
        master: [{ name: 'master', role: 'master', user: 'root', address: '10.0.0.1', root: '' }],
        slaves: [
          { name: 'slave-1', role: 'slaves', user: 'jclouds', address: '10.0.0.2', root: '' },
          { name: 'slave-2', role: 'slaves', user: 'jclouds', address: '::1', port: 2222, root: '' },
        ],
      },
      ssh: {},
      config: { mesos: { version: '0.20.1', platform: 'debian-7' } },
    })
  })

  it('are refused by the option that names what is no host', async () => {
    const wrong = { ...given, slaves: ['a', 'b c'] }
    expect(await problemOf(() => clusterFromFlags(wrong, { roles, schema }))).toMatchObject({
      kind: 'bad-option',
      option: '--slaves',
      problem: expect.stringContaining('`b c`'),
    })
  })

  it('are refused when a role has none', async () => {
    expect(await problemOf(() => clusterFromFlags({ master: ['a'] }, { roles, schema }))).toMatchObject({
      kind: 'bad-option',
      option: '--slaves',
    })
  })

  it('are not enough where the configuration has parts without a default', async () => {
    const strict = z.object({ aurora: z.object({ version: z.string() }) })
    expect(await problemOf(() => clusterFromFlags(given, { roles, schema: strict }))).toMatchObject({
      kind: 'no-cluster',
      detail: expect.stringContaining('`aurora`'),
    })
  })
})
