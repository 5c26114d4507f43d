import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { machine } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standIns } from '../../../tasks/sandbox/stand-ins.ts'
import { programsFolder } from '../../rig/programs-folder.ts'
import { type Box, expectDone, expectRefused, openBox } from './box.ts'
import { buildEggs, unpackAurora } from './source-release.ts'

const executor = 'src/main/python/apache/aurora/executor/bin:thermos_executor'
const resources = 'apache/aurora/executor/resources'
const mavenTree = `${standIns}/../maven`

let box: Box
beforeAll(async () => {
  box = openBox()
  await unpackAurora(box)
  await buildEggs(box)
})
afterAll(() => box.close())

const inAurora = (command: string, env?: Record<string, string>) =>
  box.run(command, { cwd: box.path('aurora'), ...(env && { env }) })

/** Puts exactly these eggs into third_party/. */
function giveEggs(names: string): void {
  expectDone(
    inAurora(`rm -rf third_party && mkdir third_party && cd ../eggs && cp ${names} ../aurora/third_party/`),
  )
}

test('there is no gradlew, as in the real archive', () => {
  expect(existsSync(box.path('aurora/build.gradle'))).toBe(true)
  expect(existsSync(box.path('aurora/gradlew'))).toBe(false)
})

test('gradle installApp leaves a start script and jars', () => {
  expectDone(inAurora('gradle installApp'))
  const app = box.path('aurora/dist/install/aurora-scheduler')
  expect(readdirSync(`${app}/lib`)).toEqual(['aurora-scheduler-0.7.0-INCUBATING.jar'])
  expect(statSync(`${app}/bin/aurora-scheduler`).mode & 0o111).toBe(0o111)
})

test('building again gives the same bytes', () => {
  expectDone(
    inAurora(
      'gradle installApp && cp -R dist/install first && gradle installApp && diff -r first dist/install',
    ),
  )
})

test('Gradle other than 2.2 is refused', () => {
  const other = readFileSync(`${standIns}/gradle`, 'utf8')
    .replace('version=2.2', 'version=2.14')
    .replace(/"\$\{BASH_SOURCE.*\}/, `"${standIns}`)
  box.write('other/gradle', other)
  expectRefused(inAurora('bash ../other/gradle installApp'), 1, /requires Gradle 2\.2, not 2\.14/)
})

test('Aurora 0.8.0 is built by Gradle 2.4 and `installDist`, and by no other', async () => {
  await unpackAurora(box, 'next', '0.8.0')
  const gradle = readFileSync(`${standIns}/gradle`, 'utf8')
    .replace('version=2.2', 'version=2.4')
    .replace(/"\$\{BASH_SOURCE.*\}/, `"${standIns}`)
  box.write('newer/gradle', gradle)
  expectRefused(box.run('cd next && gradle installDist'), 1, /requires Gradle 2\.4, not 2\.2/)
  expectRefused(box.run('cd next && bash ../newer/gradle installApp'), 1, /Task 'installApp' not found/)
  expectDone(box.run('cd next && bash ../newer/gradle installDist'))
  expect(readdirSync(box.path('next/dist/install/aurora-scheduler/lib'))).toEqual([
    'aurora-scheduler-0.8.0.jar',
  ])
})

test('executors of Aurora 0.8.0 need the eggs of Mesos 0.22.0', async () => {
  await unpackAurora(box, 'of-eggs', '0.8.0')
  expectDone(box.run('mkdir of-eggs/third_party && cp eggs/* of-eggs/third_party/'))
  expectRefused(
    box.run(`cd of-eggs && ./pants binary ${executor}`),
    1,
    /requirements for mesos\.interface==0\.22\.0/,
  )
})

test('Gradle that may ask no network is refused what is not in its own repository', () => {
  const offline = (...steps: string[]) =>
    inAurora(['rm -rf ../user', 'mkdir ../user', ...steps].join(' && '), { REPOSITORY: mavenTree })
  const build = 'gradle --offline -g "$ROOT/user" installApp'
  const initScript = 'mkdir ../user/init.d && echo > ../user/init.d/offline.gradle'
  const repository = 'cp -R "$REPOSITORY" ../user/repository'
  const plugin = /com\.eriwen\.gradle\.js cannot be resolved because Gradle is running in offline mode/

  expectRefused(offline(build), 1, plugin)
  expectRefused(offline(repository, 'echo > ../init.gradle', `${build} -I ../init.gradle`), 1, plugin)
  expectRefused(
    offline(initScript, repository, 'rm -r ../user/repository/com/eriwen', build),
    1,
    /no jar in .* has the plugin com\.eriwen\.gradle\.js/,
  )
  expectRefused(
    offline(initScript, repository, 'rm -r ../user/repository/com/twitter', build),
    1,
    /Could not find com\.twitter\.common:args:0\.2\.9/,
  )
  expectDone(offline(initScript, repository, build))
})

test('a task that is not there is refused', () => {
  expectRefused(inAurora('gradle installDist'), 1, /Task 'installDist' not found/)
})

test('JAVA_HOME must be a JDK', () => {
  expectRefused(inAurora('gradle installApp', { JAVA_HOME: '/nowhere' }), 1, /invalid directory: \/nowhere/)
  expectDone(box.run('apt-get install -y openjdk-8-jre'))
  const jre = `$ROOT/usr/lib/jvm/java-8-openjdk-${machine() === 'x86_64' ? 'amd64' : 'arm64'}`
  expectRefused(inAurora(`JAVA_HOME=${jre} gradle installApp`), 1, /is a JRE, not a JDK/)
})

test('a JDK of a later release is refused, as it warns and every warning is an error', () => {
  expectDone(box.run('apt-get install -y openjdk-8-jdk'))
  const jdk = `$ROOT/usr/lib/jvm/java-8-openjdk-${machine() === 'x86_64' ? 'amd64' : 'arm64'}`
  expectRefused(inAurora(`JAVA_HOME=${jdk} gradle installApp`), 1, /bootstrap class path not set.*-Werror/s)
})

test('Python 2.7 must be on the path, for what generates the API', () => {
  box.write('third/python2.7', '#!/bin/sh\necho Python 3.9.2\n')
  box.write('third/python', '#!/bin/sh\necho Python 3.9.2\n')
  expectDone(box.run('chmod +x third/*'))
  expectRefused(inAurora('PATH="$ROOT/third:$PATH" gradle installApp'), 1, /Python 2\.7 is needed/)
})

test('gradle refuses what it does not know, and a folder without a build', () => {
  expectRefused(inAurora('gradle --frobnicate installApp'), 1, /Unknown command-line option '--frobnicate'/)
  expectRefused(box.run('gradle installApp', { cwd: box.path('tmp') }), 1, /there is no build\.gradle/)
  box.write('other-project/build.gradle', '')
  expectRefused(box.run('gradle -p other-project installApp'), 1, /only the sandbox's miniature releases/)
})

test('pants sets itself up once', () => {
  expectDone(inAurora('rm -rf build-support/pants.venv'))
  expect(inAurora('./pants goals').stderr).toMatch(/Bootstrapping pants @ 0\.0\.27/)
  expect(box.read('aurora/build-support/pants.venv/BOOTSTRAPPED')).toBe('0.0.27\n')
  expect(inAurora('./pants goals').stderr).toBe('')
})

test('pants sets itself up again for another version', () => {
  box.write('aurora/build-support/pants.venv/BOOTSTRAPPED', '0.0.26\n')
  expect(inAurora('./pants goals').stderr).toMatch(/Bootstrapping/)
})

test('executors need the eggs of their Mesos in third_party/', () => {
  giveEggs('protobuf*')
  expectRefused(inAurora(`./pants binary ${executor}`), 1, /requirements for mesos\.interface==0\.20\.1/)
  giveEggs('mesos.interface* protobuf*')
  expectRefused(inAurora(`./pants binary ${executor}`), 1, /requirements for mesos\.native==0\.20\.1/)
})

test("eggs in pants' own environment do not help", () => {
  giveEggs('protobuf*')
  expectDone(inAurora('build-support/pants.venv/bin/easy_install ../eggs/mesos.*.egg'))
  expectRefused(inAurora(`./pants binary ${executor}`), 1, /Could not satisfy/)
})

test('eggs of another platform or version do not fit', () => {
  giveEggs('mesos.* protobuf*')
  expectDone(inAurora('cd third_party && mv mesos.native-*.egg mesos.native-0.20.1-py2.7-linux-s390x.egg'))
  expectRefused(inAurora(`./pants binary ${executor}`), 1, /requirements for mesos\.native==0\.20\.1/)
  giveEggs('mesos.* protobuf*')
  expectDone(inAurora('cd third_party && mv mesos.interface-*.egg mesos.interface-0.20.0-py2.7.egg'))
  expectRefused(inAurora(`./pants binary ${executor}`), 1, /requirements for mesos\.interface==0\.20\.1/)
})

test('third_party/ counts from the working directory', () => {
  giveEggs('mesos.* protobuf*')
  expectRefused(inAurora(`cd src && ../pants binary ${executor}`), 1, /Could not satisfy/)
})

test('a target or a goal that is not there is refused', () => {
  expectRefused(inAurora('./pants binary src/nowhere:x'), 1, /No BUILD files found in src\/nowhere/)
  expectRefused(inAurora('./pants binary src/main/python/apache/thermos/bin:x'), 1, /Could not find target/)
  expectRefused(inAurora('./pants frobnicate'), 1, /Unknown goal: frobnicate/)
})

test('targets of one name cannot be built in one call, none not at all, and nothing outside the tree', () => {
  const executors = 'src/main/python/apache/aurora/executor/bin'
  expectRefused(inAurora('./pants binary'), 1, /no target given/)
  expectRefused(
    inAurora(`./pants binary ${executors}:gc_executor src/elsewhere:gc_executor`),
    1,
    /targets of the same name cannot be built in one call/,
  )
  expectRefused(
    box.run('../aurora/pants binary x:y', { cwd: box.path('tmp') }),
    1,
    /Could not find pants\.ini/,
  )
})

test('a program that does not lie with the sources of Python is refused', () => {
  box.write('aurora/elsewhere/BUILD', "python_binary(\n  name = 'x',\n  source = 'x.mjs',\n)\n")
  box.write('aurora/elsewhere/x.mjs', '')
  expectRefused(
    inAurora('./pants binary elsewhere:x'),
    1,
    /elsewhere\/x\.mjs does not lie under src\/main\/python\//,
  )
})

test.each<[string, RegExp]>([
  ['pip install requests', /only "install -r FILE" is understood/],
  ['pip install -r loose.txt', /these requirements are not pinned/],
  [
    'env PIP_NO_INDEX=1 PIP_FIND_LINKS=file:///nowhere pip install -r pinned.txt',
    /Could not find any downloads that satisfy the requirement six==1\.8\.0/,
  ],
  ['easy_install mesos-0.20.1.tar.gz', /not an egg: mesos-0\.20\.1\.tar\.gz/],
])("pants' own environment refuses %s", (command, words) => {
  expectDone(inAurora('./pants goals'))
  box.write('aurora/loose.txt', 'requests\n')
  box.write('aurora/pinned.txt', 'six==1.8.0\n')
  expectRefused(inAurora(`. build-support/pants.venv/bin/activate && ${command}`), 1, words)
})

test('an environment needs Python 2.7', () => {
  const env = { PATH: programsFolder(box.path('few')) }
  expectRefused(inAurora('build-support/virtualenv venv', env), 1, /python2\.7 is needed/)
})

test('pants that asks no index needs a Thrift compiler of its own version below its home', async () => {
  await unpackAurora(box, 'offline')
  const build = './pants binary src/main/python/apache/thermos/observer/bin:thermos_observer'
  expectDone(box.run("sed -i.old 's/^indices:.*/indices: []/' offline/pants.ini"))
  expectRefused(box.run(`cd offline && ${build}`), 1, /Failed to fetch binary thrift 0\.5\.0-finagle/)
  const place = `.pants.d/bin/thrift/linux/${machine()}/0.5.0-finagle`
  expectDone(
    box.run(
      `mkdir -p ${place} && cp offline/build-support/thrift/thrift.sh ${place}/thrift && chmod +x ${place}/thrift`,
    ),
  )
  expectDone(box.run(`cd offline && ${build}`))
})

test('Thrift is that of the very version, and generates nothing else', () => {
  box.write('newer/thrift', '#!/bin/sh\necho Thrift version 0.9.2\n')
  const thrift = (...args: string[]) =>
    inAurora(
      `chmod +x ../newer/thrift && PATH="$ROOT/newer:$PATH" build-support/thrift/thriftw ${args.join(' ')}`,
    )
  expect(thrift('0.9.1', '--version').stdout).toMatch(/^Thrift version 0\.9\.1$/m)
  expectRefused(thrift('0.9.1', '--frobnicate'), 1, /only --version and --gen are understood/)
})

test('the executor starts only with the runner inside', () => {
  giveEggs('mesos.* protobuf*')
  expectDone(
    inAurora(
      `./pants binary ${executor} && ./pants binary src/main/python/apache/thermos/bin:thermos_runner`,
    ),
  )
  expectRefused(inAurora('dist/thermos_executor.pex --help'), 1, /ImportError: No module named resources/)

  expectDone(inAurora(`mkdir -p tree/${resources} && : > tree/${resources}/__init__.py`))
  const embed = `cd tree && zip -q ../dist/thermos_executor.pex ${resources}`
  expectDone(inAurora(`${embed}/__init__.py`))
  expectRefused(inAurora('dist/thermos_executor.pex --help'), 1, /thermos_runner\.pex is not there/)

  expectDone(inAurora(`cp dist/thermos_runner.pex tree/${resources}/ && ${embed}/thermos_runner.pex`))
  expectDone(inAurora('dist/thermos_executor.pex --help'))
  expectRefused(inAurora('dist/thermos_executor.pex --frobnicate'), 2, /no such option: --frobnicate/)
  expectRefused(inAurora('dist/thermos_executor.pex'), 1, /Expecting 'MESOS_SLAVE_PID' in the environment/)
})

test('a pex is an executable zip behind a shebang, and always the same', () => {
  const build = './pants binary src/main/python/apache/thermos/observer/bin:thermos_observer'
  expectDone(
    inAurora(
      `${build} && cp dist/thermos_observer.pex first.pex && ${build} && cmp first.pex dist/thermos_observer.pex`,
    ),
  )
  expect(readFileSync(box.path('aurora/first.pex'), 'latin1')).toMatch(/^#!\/usr\/bin\/env python2\.7\nPK/)
  expect(inAurora('unzip -p first.pex PEX-INFO').stdout).toContain('"miniature":true')
})

test('the client says its version, and what it cannot do', () => {
  expectDone(inAurora('./pants binary src/main/python/apache/aurora/client/cli:aurora'))
  expect(inAurora('dist/aurora.pex --version').stdout).toBe('0.7.0-incubating\n')
  expectRefused(inAurora('dist/aurora.pex update start'), 20, /has no such thing/)
  expectRefused(inAurora('dist/aurora.pex frobnicate'), 5, /unknown command frobnicate/)
})
