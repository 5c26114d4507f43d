import { symlinkSync } from 'node:fs'
import { machine } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { standIns } from '../../../tasks/sandbox/stand-ins.ts'
import { programsFolder } from '../../rig/programs-folder.ts'
import { type Box, expectDone, expectRefused, openBox } from './box.ts'
import { buildEggs, unpackMesos } from './source-release.ts'

let box: Box
beforeEach(() => (box = openBox()))
afterEach(() => box.close())

const native = `mesos.native-0.20.1-py2.7-linux-${machine()}.egg`
const importNative = "python2.7 -c 'import mesos.interface, mesos.native'"

test('configure and make leave the eggs where the real release has them', async () => {
  await unpackMesos(box)
  expectDone(box.run('cd mesos && PYTHON=python2.7 ./configure --disable-java --prefix=/usr && make -j 2'))
  const { stdout } = box.run("find . -name '*.egg' | sort", { cwd: box.path('mesos') })
  expect(stdout.trim().split('\n')).toEqual([
    './3rdparty/distribute-0.6.26/dist/distribute-0.6.26-py2.7.egg',
    './3rdparty/libprocess/3rdparty/protobuf-2.5.0/python/dist/protobuf-2.5.0-py2.7.egg',
    './src/python/dist/mesos-0.20.1-py2.7.egg',
    './src/python/interface/dist/mesos.interface-0.20.1-py2.7.egg',
    `./src/python/native/dist/${native}`,
  ])
})

test('it builds in a folder of its own', async () => {
  await unpackMesos(box)
  expectDone(box.run('mkdir build && cd build && ../mesos/configure --disable-java && make'))
  expectDone(box.run(`test -f build/src/python/native/dist/${native} && test ! -e mesos/Makefile`))
})

test('the same sources give the same eggs', async () => {
  await buildEggs(box)
  expectDone(box.run('mv eggs first && rm -r mesos'))
  await buildEggs(box)
  expectDone(box.run('diff -r first eggs'))
})

test('another version gives eggs of that version', async () => {
  await buildEggs(box, '0.22.0')
  expect(box.run('ls eggs').stdout).toContain('mesos.interface-0.22.0-py2.7.egg')
})

test('the native egg can be imported with the interfaces and Protocol Buffers, and not without', async () => {
  await buildEggs(box)
  const path = (names: string) => box.run(`printf '%s:' ${names}`, { cwd: box.path('eggs') }).stdout
  const inEggs = (names: string) => ({ cwd: box.path('eggs'), env: { PYTHONPATH: path(names) } })
  expectDone(box.run(importNative, inEggs('mesos.* protobuf*')))
  expectRefused(box.run(importNative, inEggs('mesos.*')), 1, /ImportError: No module named google/)
  expectRefused(box.run(importNative, inEggs('mesos.native* protobuf*')), 1, /No module named interface/)
})

test('an egg of another platform cannot be imported, whatever its name says', async () => {
  await unpackMesos(box)
  expectDone(box.run('cd mesos && ./configure --disable-java'))
  expectDone(
    box.run(
      "sed -i.old 's/linux-[a-z0-9_]*/linux-s390x/' mesos/src/python/native/src/mesos/native/_mesos.py",
    ),
  )
  expectDone(box.run("cd mesos && make && find . -name '*.egg' -exec cp {} .. ';'"))
  const env = { PYTHONPATH: box.run("printf '%s:' *.egg").stdout }
  expectRefused(
    box.run(importNative, { env }),
    1,
    /ImportError: mesos\.native\._mesos was built for linux-s390x/,
  )
})

test.each([
  ['--frobnicate', /unrecognized option: `--frobnicate'/],
  ['--disable-java --disable-perftools', /switches perftools on/],
  ['--disable-java --enable-perftools', /switches perftools on/],
  ['--disable-java --with-network-isolator', /libnl3/],
  ['--disable-java --disable-python', /without Python there are no eggs/],
  ['--disable-java frobnicate', /invalid argument: frobnicate/],
  ['', /JAVA_HOME .*use --disable-java/],
])('configure %s is refused', async (options, words) => {
  await unpackMesos(box)
  expectRefused(box.run(`cd mesos && ./configure ${options}`), 1, words)
  expectRefused(box.run('cd mesos && make'), 2, /no makefile found/)
})

test('the bindings for Java need Maven, too, and nothing is ever installed', async () => {
  await unpackMesos(box)
  expectDone(box.run('apt-get install -y openjdk-7-jdk'))
  const few = programsFolder(box.path('few'), 'sed')
  symlinkSync(process.execPath, `${few}/node`)
  const withoutMaven = { PATH: `${standIns}:${few}`, JAVA_HOME: box.path('usr/lib/jvm/default-java') }
  expectRefused(
    box.run('cd mesos && ./configure', { env: withoutMaven }),
    1,
    /need maven; use --disable-java/,
  )
  expectDone(box.run('cd mesos && ./configure --disable-java'))
  expectRefused(box.run('cd mesos && make install'), 2, /installs nothing/)
})

test('one interpreter is to be named, and it must be Python 2', async () => {
  await unpackMesos(box)
  const configure = 'cd mesos && ./configure --disable-java'
  const both = { PYTHON: 'python2.7', PYTHON_VERSION: '2.7' }
  expectRefused(box.run(configure, { env: both }), 1, /only specify one of PYTHON and PYTHON_VERSION/)
  box.write('python9', '#!/bin/sh\necho Python 9.0\n')
  expectRefused(
    box.run(`chmod +x python9; ${configure}`, { env: { PYTHON: '../python9' } }),
    1,
    /no Python 2\.6 or 2\.7/,
  )
})
