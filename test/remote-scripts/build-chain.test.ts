import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { machine } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configSchema } from '../../tasks/config.ts'
import * as artefacts from '../../tasks/known/artefacts.ts'
import { sandboxReleases } from '../../tasks/sandbox/release-files.ts'
import { HostFolder, usualPath } from '../rig/host-folder.ts'

/** The scripts of the master, one after the other as the tasks run them, on the sandbox's miniature releases. */

const config = configSchema.parse({ aurora: { sha256: 'a'.repeat(64) } })
const clientTargets = artefacts.clientTargets(config)
const thermosTargets = artefacts.thermosTargets(config)
const executorFiles = artefacts.executorFiles(config)

const home = '/usr/local/aurora'
const env = {
  AURORA_HOME: home,
  AURORA_SOURCE: '/stage/aurora.tar.gz',
  GRADLE_VERSION: '2.2',
  GRADLE_TASK: 'installApp',
  JDK_RELEASE: '7',
  JAVA_HOME: '/usr/lib/jvm/default-java',
  MESOS_SOURCE: '/stage/mesos.tar.gz',
  BUILD: '/build',
  EGGS: '/stage/eggs',
  SOURCES: '/stage',
}

const host = new HostFolder()
beforeAll(async () => {
  const { mesos, aurora } = await sandboxReleases()
  put(env.MESOS_SOURCE, mesos.bytes)
  put(env.AURORA_SOURCE, aurora.bytes)
})
afterAll(() => host.remove())

function put(path: string, bytes: Buffer): void {
  mkdirSync(dirname(host.path(path)), { recursive: true })
  writeFileSync(host.path(path), bytes)
}

async function changesOf(script: string, args: string[] = []): Promise<string[]> {
  const ran = await host.run(script, { env, args })
  expect(ran.exitCode, ran.output).toBe(0)
  return ran.changes
}

it('build_mesos_eggs.sh builds the three eggs, and protobuf', async () => {
  expect(await changesOf('build_mesos_eggs.sh')).toHaveLength(4)
  expect(readdirSync(host.path(env.EGGS)).sort()).toEqual([
    'mesos-0.20.1-py2.7.egg',
    'mesos.interface-0.20.1-py2.7.egg',
    expect.stringMatching(/^mesos\.native-0\.20\.1-py2\.7-linux-\w+\.egg$/),
    expect.stringMatching(/^protobuf-2\.5\.0-py2\.7\.egg$/),
  ])
})

it('build_mesos_eggs.sh refuses to build where libunwind would be linked', async () => {
  host.write('/usr/include/x86_64-linux-gnu/libunwind.h', '')
  const ran = await host.run('build_mesos_eggs.sh', { env })
  host.unlink('/usr/include/x86_64-linux-gnu/libunwind.h')
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toContain('the eggs would need libunwind on every slave')
})

it('import_mesos_eggs.sh proves that they can be imported', async () => {
  const importing = (MODULES: string) => host.run('import_mesos_eggs.sh', { env: { ...env, MODULES } })
  const ran = await importing('mesos.interface, mesos.native')
  expect(ran.output).toContain('these can be imported: mesos.interface, mesos.native')
  const refused = await importing('mesos.interface, mesos.executor')
  expect(refused.exitCode).toBe(1)
  expect(refused.output).toContain('No module named executor')
})

describe('aurora_install.sh', () => {
  it('unpacks the source and builds the scheduler', async () => {
    await changesOf('aurora_install_packages.sh', ['openjdk-7-jdk'])
    expect(await changesOf('aurora_install.sh')).toEqual([
      '/usr/local/aurora unpacked from aurora.tar.gz',
      '/etc/profile.d/aurora.sh written',
      'scheduler built',
    ])
    expect(host.mode(`${home}/dist/install/aurora-scheduler/bin/aurora-scheduler`) & 0o100).toBe(0o100)
    expect(host.mode(home) & 0o020).toBe(0o020)
  })

  it('has nothing to change the second time', async () => {
    expect(await changesOf('aurora_install.sh')).toEqual(['nothing to change'])
  })

  it('takes the JDK that builds this Aurora, whichever JAVA_HOME names another', async () => {
    await changesOf('aurora_install_packages.sh', ['openjdk-8-jdk'])
    const [seven, eight] = readdirSync(host.path('/usr/lib/jvm')).filter((name) => name.startsWith('java-'))
    const ran = await host.run('aurora_install.sh', { env: { ...env, JAVA_HOME: `/usr/lib/jvm/${eight}` } })
    expect(ran.exitCode, ran.output).toBe(0)
    expect(host.read('/etc/profile.d/aurora.sh')).toContain(`${seven}'`)
  })

  it('refuses to build with any other JDK, and names those that are there', async () => {
    const ran = await host.run('aurora_install.sh', { env: { ...env, JDK_RELEASE: '9' } })
    expect(ran.exitCode).toBe(1)
    expect(ran.output).toMatch(/built by a JDK 9, and there is none: .*7 in \/usr\/lib\/jvm\/java-7/)
  })

  it('builds again what is missing', async () => {
    execFileSync('rm', ['-rf', host.path(`${home}/dist/install`)])
    expect(await changesOf('aurora_install.sh')).toEqual(['scheduler built'])
  })

  it('refuses to build with another Gradle, and says what to do', async () => {
    const ran = await host.run('aurora_install.sh', { env: { ...env, GRADLE_VERSION: '2.3' } })
    expect(ran.exitCode).toBe(1)
    expect(ran.output).toContain('Give its archive as aurora.gradle.source')
  })
})

describe('without a network', () => {
  const thriftw = `${home}/build-support/thrift/thriftw`
  const bootstrap = () => host.run('aurora_bootstrap_pants.sh', { env })
  const marker = `${home}/build-support/pants.venv/BOOTSTRAPPED`

  it("aurora_install.sh builds Thrift's compiler from the source that was brought, where the build looks for it", async () => {
    giveArchive('/stage/thrift-0.9.1.tar.gz', {
      configure: '#!/bin/sh\ncp Makefile.in Makefile\n',
      'Makefile.in':
        'all: compiler/cpp/thrift\n\ncompiler/cpp/thrift: compiler.sh\n\t@mkdir -p compiler/cpp\n\tcp compiler.sh compiler/cpp/thrift\n\t@chmod 755 compiler/cpp/thrift\n',
      'compiler.sh': '#!/bin/sh\necho "the one that was brought: $*"\n',
    })
    execFileSync('rm', ['-rf', host.path(`${home}/build-support/thrift/thrift-0.9.1`)])
    expect(await changesOf('aurora_install.sh')).toEqual(['compiler of thrift-0.9.1 built'])
    const said = execFileSync(host.path(thriftw), ['0.9.1', '--gen', 'java'], { encoding: 'utf8' })
    expect(said).toBe('the one that was brought: --gen java\n')
    expect(await changesOf('aurora_install.sh')).toEqual(['nothing to change'])
    host.unlink('/stage/thrift-0.9.1.tar.gz')
  })

  const artefact = (name: string) => `${home}/build-support/gradle-offline/repository/${name}`
  const args = 'com/twitter/common/args/0.2.9/args-0.2.9'
  const buildOffline = (archive = '/stage/maven.tar.gz') =>
    host.run('aurora_install.sh', { env: { ...env, MAVEN_ARCHIVE: archive } })

  it('aurora_install.sh builds the scheduler from the Maven repository that was brought, unpacked once', async () => {
    put('/stage/maven.tar.gz', (await sandboxReleases()).maven.bytes)
    const ran = await buildOffline()
    expect(ran.exitCode, ran.output).toBe(0)
    expect(ran.changes).toEqual(['repository for Gradle unpacked from maven.tar.gz'])
    expect(host.has(artefact(`${args}.pom`))).toBe(true)
    expect((await buildOffline()).changes).toEqual(['nothing to change'])
  })

  it('aurora_install.sh fails where an artefact is missing in it, instead of asking for it', async () => {
    host.unlink(artefact(`${args}.jar`))
    const ran = await buildOffline()
    expect(ran.exitCode).not.toBe(0)
    expect(ran.output).toContain('Could not find com.twitter.common:args:0.2.9')
  })

  it("aurora_install.sh refuses an archive of Gradle's own cache, and says how it must be", async () => {
    const pom = `args/0.2.9/${'f'.repeat(40)}/args-0.2.9.pom`
    giveArchive('/stage/cache.tar.gz', { [pom]: '<project/>' })
    const ran = await buildOffline('/stage/cache.tar.gz')
    expect(ran.exitCode).toBe(1)
    expect(ran.output).toContain(`is no Maven repository: the first POM in it is ./cache/${pom}.`)
    expect(ran.output).toContain('com/example/artefact/1.0/artefact-1.0.pom')
  })

  it('aurora_install.sh refuses an archive without a POM', async () => {
    giveArchive('/stage/empty.tar.gz', { README: 'nothing' })
    const ran = await buildOffline('/stage/empty.tar.gz')
    expect(ran.exitCode).toBe(1)
    expect(ran.output).toContain('the first POM in it is missing.')
  })

  it('aurora_bootstrap_pants.sh takes what was brought, and asks no index', async () => {
    giveArchive('/stage/virtualenv-1.11.6.tar.gz', { 'virtualenv.py': '' })
    for (const name of [
      'pantsbuild.pants-0.0.27.tar.gz',
      'pex-0.8.2-py2-none-any.whl',
      'twitter.common.app-0.3.2.tar.gz',
    ])
      host.write(`/stage/python/${name}`, name)
    const ran = await bootstrap()
    expect(ran.exitCode, ran.output).toBe(0)
    expect(ran.changes).toEqual(
      expect.arrayContaining([
        'thrift 0.5.0-finagle given to pants',
        'build-support/virtualenv-1.11.6 unpacked',
        'pants.ini names no index',
        'pants 0.0.27 set up',
      ]),
    )
    expect(host.has(`${home}/build-support/virtualenv-1.11.6/BOOTSTRAPPED`)).toBe(true)
    expect(host.read(`${home}/pants.ini`)).toMatch(/^indices: \[\]$/m)
    expect(host.has(`${home}/third_party/pex-0.8.2-py2-none-any.whl`)).toBe(true)
    expect(host.read(`/root/.pants.d/bin/thrift/linux/${machine()}/0.5.0-finagle/thrift`)).toContain(
      'brought',
    )
    expect((await bootstrap()).changes).toEqual(['nothing to change'])
  })

  it('aurora_bootstrap_pants.sh names all packages that are missing, instead of asking for them', async () => {
    host.unlink('/stage/python/pex-0.8.2-py2-none-any.whl')
    host.unlink('/stage/python/twitter.common.app-0.3.2.tar.gz')
    host.write('/stage/python/twitter.common.app-0.3.20.tar.gz', 'another')
    host.unlink(marker)
    const ran = await bootstrap()
    expect(ran.exitCode).toBe(1)
    expect(ran.output).toContain('were not brought: pex-0.8.2 twitter.common.app-0.3.2.\n')
    expect(ran.output).toContain('give that as downloads.pythonPackages.pants.')
    execFileSync('rm', ['-rf', host.path('/stage/python'), host.path(`${home}/third_party`)])
  })
})

/** An archive with one folder at its top, named like itself. */
function giveArchive(path: string, files: Record<string, string>): void {
  const name = basename(path, '.tar.gz')
  for (const [file, content] of Object.entries(files)) host.write(`/unpacked/${name}/${file}`, content, 0o755)
  put(path, Buffer.alloc(0))
  execFileSync('tar', ['-czf', host.path(path), '-C', host.path('/unpacked'), name])
}

describe('aurora_bootstrap_pants.sh', () => {
  it('gives pants the pure eggs and lets it set itself up', async () => {
    expect(await changesOf('aurora_bootstrap_pants.sh')).toEqual([
      'third_party/mesos-0.20.1-py2.7.egg',
      'third_party/mesos.interface-0.20.1-py2.7.egg',
      'third_party/protobuf-2.5.0-py2.7.egg',
      'pants 0.0.27 set up',
    ])
  })

  it('has nothing to change the second time', async () => {
    expect(await changesOf('aurora_bootstrap_pants.sh')).toEqual(['nothing to change'])
  })

  it('puts an egg in place of its other versions, and of no other egg', async () => {
    host.write(`${home}/third_party/mesos.interface-0.19.0-py2.7.egg`, 'old')
    host.write(`${home}/third_party/mesos-0.20.1-py2.7.egg`, 'damaged')
    expect(await changesOf('aurora_bootstrap_pants.sh')).toEqual(['third_party/mesos-0.20.1-py2.7.egg'])
    expect(host.has(`${home}/third_party/mesos.interface-0.19.0-py2.7.egg`)).toBe(false)
    expect(host.has(`${home}/third_party/mesos.interface-0.20.1-py2.7.egg`)).toBe(true)
  })
})

it('aurora_build_client.sh builds both clients, and nothing else the second time', async () => {
  const pexes = ['dist/aurora.pex', 'dist/aurora_admin.pex']
  expect(await changesOf('aurora_build_client.sh', clientTargets)).toEqual(pexes)
  expect(await changesOf('aurora_build_client.sh', clientTargets)).toEqual(['nothing to change'])
})

describe('aurora_build_thermos.sh', () => {
  const executor = `${home}/dist/thermos_executor.pex`
  const runner = 'apache/aurora/executor/resources/thermos_runner.pex'
  const entries = () => execFileSync('unzip', ['-Z1', host.path(executor)], { encoding: 'utf8' }).split('\n')

  it('builds what slaves run, with the runner inside the executor', async () => {
    const changes = await changesOf('aurora_build_thermos.sh', thermosTargets)
    expect(changes).toEqual([
      expect.stringMatching(/^third_party\/mesos\.native-/),
      'dist/thermos_runner.pex',
      ...executorFiles.map((file) => `dist/${file}`),
    ])
    expect(entries().filter((entry) => entry === runner)).toHaveLength(1)
    const inside = execFileSync('unzip', ['-p', host.path(executor), runner])
    expect(inside.equals(host.bytes(`${home}/dist/thermos_runner.pex`))).toBe(true)
  })

  it('keeps the first line, by which the executor is a program', () => {
    expect(host.read(executor).split('\n', 1)[0]).toBe('#!/usr/bin/env python2.7')
    expect(host.mode(executor)).toBe(0o755)
  })

  it('has nothing to change the second time, and the runner is inside once', async () => {
    expect(await changesOf('aurora_build_thermos.sh', thermosTargets)).toEqual(['nothing to change'])
    expect(entries().filter((entry) => entry === runner)).toHaveLength(1)
  })

  it('fails where the executor does not hold the runner, or has lost its first line', async () => {
    const building = (path = usualPath) =>
      host.run('aurora_build_thermos.sh', { env, args: thermosTargets, path })
    host.write('/broken/zip', '#!/bin/sh\n', 0o755)
    const without = await building([host.path('/broken'), ...usualPath])
    expect(without.exitCode).toBe(1)
    expect(without.output).toContain(`does not hold ${dirname(runner)}/__init__.py exactly once`)

    const pants = host.read(`${home}/pants`)
    host.write(`${home}/pants-itself`, pants, 0o755)
    const spoil = `LC_ALL=C sed -i.old '1s/python2.7/elsewhere/' "dist/\${2##*:}.pex"`
    host.write(`${home}/pants`, `#!/bin/bash\n./pants-itself "$@" && ${spoil}\n`, 0o755)
    const nameless = await building()
    host.write(`${home}/pants`, pants, 0o755)
    expect(nameless.exitCode).toBe(1)
    expect(nameless.output).toContain('thermos_executor.pex has lost its first line')
  })

  it('fails without the native egg', async () => {
    const ran = await host.run('aurora_build_thermos.sh', {
      env: { ...env, EGGS: '/none' },
      args: thermosTargets,
    })
    expect(ran.exitCode).not.toBe(0)
  })
})

it('a new source takes the place of the old one, which is kept once', async () => {
  host.write('/unpacked/apache-aurora/README.md', 'another')
  host.write(env.AURORA_SOURCE, '')
  execFileSync('tar', ['-czf', host.path(env.AURORA_SOURCE), '-C', host.path('/unpacked'), 'apache-aurora'])
  const ran = await host.run('aurora_install.sh', { env })
  expect(ran.exitCode).not.toBe(0) // there is nothing to build in it
  expect(readdirSync(host.path(home)).sort()).toEqual(['.source-sha256', 'README.md'])
  expect(readdirSync(join(host.root, `${home}.previous`))).toContain('pants')
})
