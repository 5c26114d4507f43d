import { existsSync } from 'node:fs'
import { machine } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Box, expectDone, expectRefused, openBox } from './box.ts'

let box: Box
beforeEach(() => (box = openBox()))
afterEach(() => box.close())

test('apt-get records a package, which dpkg-query then knows', () => {
  expectRefused(box.run(`dpkg-query -W -f '\${Status}' zip`), 1, /no packages found matching zip/)
  expectDone(box.run('apt-get install -y --no-install-recommends zip python2.7'))
  expect(box.run(`dpkg-query -W -f '\${Status}' zip`).stdout).toBe('install ok installed')
  expect(box.run(`dpkg-query -W -f '\${Package} \${Version}\\n' zip python2.7`).stdout).toBe(
    'zip 1-sandbox\npython2.7 1-sandbox\n',
  )
})

test('a dot in a package name is a dot', () => {
  expectDone(box.run('apt-get install -y python2x7'))
  expectRefused(box.run('dpkg-query -W python2.7'), 1, /no packages found/)
})

test('installing twice records once', () => {
  expectDone(box.run('apt-get install -y zip && apt-get install -y zip'))
  expect(box.read('var/lib/sandbox/packages')).toBe('zip 1-sandbox\n')
})

test('apt-get refuses what it does not understand', () => {
  expectRefused(box.run('apt-get instal zip'), 100, /Invalid operation instal/)
  expectRefused(box.run('apt-get install --frobnicate zip'), 100, /--frobnicate/)
  expectRefused(box.run('apt-get install -y "No_Such Name"'), 100, /Unable to locate package/)
})

test('apt-get does nothing on a machine that is no host of the sandbox', () => {
  expectRefused(box.run('apt-get install -y zip', { env: { ROOT: '' } }), 100, /nothing was done/)
  expect(existsSync('/var/lib/sandbox')).toBe(false)
})

test('a JDK comes with its home; a JRE has no compiler', () => {
  expectDone(box.run('apt-get install -y openjdk-7-jdk openjdk-8-jre-headless'))
  const architecture = machine() === 'x86_64' ? 'amd64' : 'arm64'
  const home = (release: number) => box.path(`usr/lib/jvm/java-${release}-openjdk-${architecture}/bin`)
  expectRefused(box.run(`${home(7)}/java -version`), 0, /java version "1\.7\..*stand-in/s)
  expectRefused(box.run(`${home(7)}/javac -version`), 0, /javac 1\.7/)
  expect(existsSync(`${home(8)}/java`)).toBe(true)
  expect(existsSync(`${home(8)}/javac`)).toBe(false)
})

test('sudo runs the command with its environment, whoever is asked for', () => {
  expect(box.run('X=1 sudo -n -E -u nobody -- env Y=2 bash -c \'echo "$X$Y"\'').stdout).toBe('12\n')
  expect(box.run('sudo -n X=3 bash -c \'echo "$X"\'').stdout).toBe('3\n')
  expect(box.run('sudo -n false').status).toBe(1)
  expectRefused(box.run('sudo --frobnicate true'), 1, /unknown option/)
})

test('chown and chgrp record any owner, and change nothing', () => {
  box.write('srv/file', '')
  expectDone(box.run('chown -R jclouds srv && chgrp aurora "$ROOT/srv/file"'))
  expect(box.read('var/lib/sandbox/owners')).toBe('chown -R jclouds /srv\nchgrp aurora /srv/file\n')
})

test('chown refuses what is not there, and what lies outside the host', () => {
  expectRefused(box.run('chown root "$ROOT/nothing"'), 1, /No such file/)
  expectRefused(box.run('chown root /etc/passwd'), 1, /outside this host/)
})

test('service, useradd and getent remember', () => {
  expectDone(box.run('service mesos-slave restart && useradd -m jclouds'))
  expect(box.read('var/lib/sandbox/services')).toBe('mesos-slave restart\n')
  expect(box.run('getent passwd jclouds').stdout).toMatch(/^jclouds:x:/)
  expect(box.run('getent passwd nobody-of-that-name').status).toBe(2)
})

test('every host of a sandbox has the address of loopback', () => {
  expect(box.run('hostname -I').stdout).toBe('127.0.0.1\n')
})

test('gradle says its version in a line of its own', () => {
  expect(box.run('gradle --version').stdout.split('\n')).toContain('Gradle 2.2')
})

test.each<[string, number, RegExp]>([
  ['apt-get', 100, /no command given/],
  ['apt-get install zip -o', 100, /-o needs a value/],
  ['dpkg -i mesos.deb', 2, /only --print-architecture, -s and -l are understood/],
  ['dpkg-query -W -f', 2, /-f needs a value/],
  ['dpkg-query zip', 2, /need an action option/],
  ['dpkg-query -W --frobnicate', 2, /unknown option --frobnicate/],
  ['getent hosts localhost', 1, /only passwd and group are understood/],
  ['groupadd', 2, /no name given/],
  ['useradd', 2, /no name given/],
  ['usermod', 2, /no name given/],
  ['hostname --frobnicate', 1, /unknown option --frobnicate/],
  ['service mesos-slave frobnicate', 1, /usage: service NAME/],
  ['sudo -n', 1, /no command given/],
  ['chown root', 1, /missing operand/],
  ['chown --frobnicate root .', 1, /unknown option --frobnicate/],
  ['update-rc.d aurora-scheduler enable', 1, /usage: update-rc\.d NAME/],
  ['update-rc.d aurora-scheduler defaults', 1, /init\.d\/aurora-scheduler is not there/],
  ['jar xf some.jar', 2, /only "tf FILE" is understood/],
  ['javac Main.java', 2, /only -version is understood/],
  ['java --frobnicate Main', 1, /Unrecognized option: --frobnicate/],
  ['java -server', 1, /usage: java/],
  ['java -cp nowhere Main', 1, /Could not find or load main class Main/],
  ['make --frobnicate', 2, /unknown option --frobnicate/],
])('what it cannot do is refused: %s', (command, status, words) => {
  expectRefused(box.run(command), status, words)
})

test('where there is no ROOT, the real program is called', () => {
  const { stdout } = box.run('hostname', { env: { ROOT: '' } })
  expect(stdout).toBe(box.run('/usr/bin/hostname || /bin/hostname').stdout)
})
