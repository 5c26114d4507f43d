import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Host, Task } from '../../lib/index.ts'
import { type Declarations, declarationsOf } from '../../lib/model/declarations.ts'
import { buildGraph } from '../../lib/model/graph.ts'
import { patternsOverlap } from '../../lib/model/pattern.ts'
import { buildMesosEggs } from '../../tasks/build-mesos-eggs-in-docker.ts'
import { checkCluster } from '../../tasks/check-cluster.ts'
import { type Config, configSchema } from '../../tasks/config.ts'
import { restart } from '../../tasks/restart.ts'
import { smokeTest } from '../../tasks/smoke-test.ts'
import { start } from '../../tasks/start.ts'
import { stop } from '../../tasks/stop.ts'

const workspace = dirname(dirname(import.meta.dirname))
const all = readdirSync(join(workspace, 'remote-scripts'))
const hosts = {
  master: [{ name: 'master', role: 'master', address: '10.0.0.1', root: '' }],
  slaves: [
    { name: 'slave-1', role: 'slaves', address: '10.0.0.2', root: '' },
    { name: 'slave-2', role: 'slaves', address: '10.0.0.3', root: '' },
  ],
}
const given = { aurora: { sha256: 'a'.repeat(64), address: '10.0.0.1' } }
const store = 'http://10.0.0.1:8000/executors'
/** How executors come to slaves → the cluster file. */
const configs = {
  distribute: configSchema.parse(given),
  fetcher: configSchema.parse({ ...given, executor: { delivery: 'fetcher', store } }),
}
const graph = buildGraph([start, stop, restart, checkCluster, smokeTest])

/** Each task on each of its hosts, however executors are delivered. */
const instances = Object.entries(configs).flatMap(([delivery, config]) =>
  graph.tasks.flatMap((task) => {
    const places = [task.on ?? []].flat().flatMap((role) => hosts[role as keyof typeof hosts])
    return places.map((host) => {
      const declared = declarationsOf({ task, host }, config, hosts)
      return { id: `${task.name}@${host.name}`, delivery, task, host, config, declared }
    })
  }),
)
const isSkipped = ({ declared }: { declared: Declarations }) => declared.skip !== undefined

it('are eight, in this order of need', () => {
  expect(buildGraph([start]).tasks.map(({ name }) => name)).toEqual([
    'build-mesos-eggs-in-docker',
    'stage-eggs',
    'install-aurora',
    'build-client',
    'build-thermos',
    'package-executor',
    'distribute',
    'start',
  ])
})

it('build with pants one at a time, once it is set up', () => {
  const pool = graph.tasks.filter((task) => task.pool === 'pants').map(({ name }) => name)
  expect(pool.sort()).toEqual(['build-client', 'build-thermos'])
})

it("leave out the slaves of `distribute` where Mesos' fetcher brings the executors, and nothing else", () => {
  const skipped = instances.filter(isSkipped)
  expect(skipped.map(({ id, delivery }) => [id, delivery])).toEqual([
    ['distribute@slave-1', 'fetcher'],
    ['distribute@slave-2', 'fetcher'],
  ])
})

const others = instances.filter((instance) => !isSkipped(instance))
describe.each(others)('$id (by $delivery)', ({ task, host, config, declared }) => {
  it('declares the scripts that it runs, those that they source or call, and no other', async () => {
    const needed = new Set((await scriptsRunBy(task, host, config)).map(({ script }) => script))
    for (const name of needed) for (const other of namedIn(name)) needed.add(other)
    const scripts = task.name === 'stage-eggs' ? ['*.{sh,gradle}'] : [...needed].sort()
    expect(declared.files.map((path) => basename(path)).sort()).toEqual(scripts)
  })

  it('gives its scripts every variable that they cannot do without', async () => {
    for (const { script, env } of await scriptsRunBy(task, host, config)) {
      const text = readFileSync(join(workspace, 'remote-scripts', script), 'utf8')
      const wanted = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name!)
      expect(Object.keys(env)).toEqual(expect.arrayContaining(wanted))
    }
  })
})

const places = Object.keys(configs).flatMap((delivery) =>
  ['master', 'slave-1'].map((name) => [delivery, name]),
)
it.each(places)('by %s, no two tasks make the same file on %s', (delivery, name) => {
  const made = instances
    .filter((instance) => instance.host.name === name && instance.delivery === delivery)
    .map(({ task, declared }) => ({ task: task.name, outputs: declared.outputs }))
  const pairs = made.flatMap((one, index) =>
    made
      .slice(index + 1)
      .flatMap((other) =>
        one.outputs.flatMap((a) =>
          other.outputs
            .filter((b) => patternsOverlap(a, b))
            .map((b) => `${one.task} ${a} / ${other.task} ${b}`),
        ),
      ),
  )
  expect(pairs).toEqual([])
})

describe('build-mesos-eggs-in-docker', () => {
  const declared = (mesos: object) => {
    const other = configSchema.parse({ mesos, aurora: { sha256: 'a'.repeat(64) } })
    return declarationsOf({ task: buildMesosEggs }, other, hosts)
  }

  it('depends on the release, its digest and what it is built with', () => {
    const { downloads, values, files } = declared({})
    expect(downloads).toEqual([expect.objectContaining({ sha1: expect.stringMatching(/^[0-9a-f]{40}$/) })])
    expect(values).toMatchObject({
      version: '0.20.1',
      container: { image: 'debian/eol:wheezy', platform: 'linux/amd64', release: 'debian-7' },
    })
    expect(files).toContain('remote-scripts/build_mesos_eggs.sh')
  })

  it('depends on the image by its digest, where that is given', () => {
    const image = `debian/eol@sha256:${'b'.repeat(64)}`
    expect(declared({ image }).values).toMatchObject({ container: { image } })
  })

  it('depends on nothing but the eggs when eggs are given', () => {
    expect(declared({ eggs: './my-eggs' })).toMatchObject({ files: ['my-eggs/*.egg'], downloads: [] })
  })

  it('has no path of this machine in its key', () => {
    const { values } = declared({ builder: 'folder', tools: '/opt/tools' })
    expect(JSON.stringify(values)).not.toContain('/opt/tools')
  })
})

interface ScriptRun {
  script: string
  env: Record<string, string>
}

/** Runs the task on a host that only remembers what it is asked. */
async function scriptsRunBy(task: Task<Config>, host: Host, config: Config): Promise<ScriptRun[]> {
  const ran: ScriptRun[] = []
  const remembering = {
    ...host,
    script: async (script: string, { env = {} } = {}) => void ran.push({ script, env }),
    exec: async () => '',
    ask: async () => ({ exitCode: 0, stdout: 'debian-7 x86_64\n', stderr: '' }),
    upload: async () => {},
  }
  const facts = {
    zk: 'zk://10.0.0.1:2181/mesos',
    slaveRoots: ['/tmp/mesos'],
    master: 'debian-7 x86_64',
    slaves: ['debian-7 x86_64'],
    published: ['thermos', 'gc'].map((kind) => `${store}/0/${kind}_executor.pex\n`).join(''),
  }
  const context = {
    host: remembering,
    config,
    hosts,
    root: workspace,
    facts,
    outputs: () => [],
    download: async () => '',
    warn: () => {},
  }
  await task.run(context as never)
  return ran
}

/** The scripts that a script sources, calls or installs. */
function namedIn(script: string): string[] {
  const text = readFileSync(join(workspace, 'remote-scripts', script), 'utf8')
  const code = text.split('\n').filter((line) => !line.startsWith('#') && !line.includes('printf'))
  return code
    .flatMap((line) => line.match(/\b[a-z_]+\.(?:sh|gradle)\b/g) ?? [])
    .filter((name) => all.includes(name))
}
