import { machine } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Box, expectDone, expectRefused, openBox } from './box.ts'

let box: Box
beforeEach(() => (box = openBox()))
afterEach(() => box.close())

test('it says that it is Python 2.7, and the sandbox', () => {
  expectRefused(box.run('python2.7 -V'), 0, /^Python 2\.7\.18 .*stand-in/)
})

test('setup.py makes an egg whose packages can be imported', () => {
  box.write('p/setup.py', "setup(\n  name = 'p',\n  version = '1.0',\n  packages = ['p', 'p.q'],\n)\n")
  box.write('p/p/__init__.py', '')
  box.write('p/p/q/__init__.py', '')
  expectDone(box.run('python2.7 setup.py bdist_egg', { cwd: box.path('p') }))
  const env = { PYTHONPATH: box.path('p/dist/p-1.0-py2.7.egg') }
  expect(box.run("python2.7 -c 'import p.q; print(p.q.__file__)'", { env }).stdout).toBe(
    `${env.PYTHONPATH}/p/q/__init__.py\n`,
  )
  expectRefused(box.run("python2.7 -c 'import p.r'", { env }), 1, /ImportError: No module named r/)
})

test('setup.py must be there', () => {
  expectRefused(box.run('python2.7 setup.py bdist_egg'), 2, /there is no setup\.py in \//)
})

test.each(["version = '1.0'", "name = 'p'"])('setup.py must say more by literals than %s', (said) => {
  box.write('setup.py', `setup(\n  ${said},\n)\n`)
  expectRefused(box.run('python2.7 setup.py bdist_egg'), 2, /must say name and version by literals/)
})

test('a package that setup.py names must be there', () => {
  box.write('setup.py', "setup(\n  name = 'p',\n  version = '1.0',\n  packages = ['p'],\n)\n")
  expectRefused(box.run('python2.7 setup.py bdist_egg'), 2, /package p is not there: p$/m)
})

test('importing a module imports what it imports', () => {
  box.write('a.py', 'import b\n')
  expectRefused(box.run('python2.7 -c "import a"', { env: { PYTHONPATH: box.root } }), 1, /No module named b/)
  box.write('b.py', 'import sys, os\n')
  expectDone(box.run('python2.7 -c "import a"', { env: { PYTHONPATH: box.root } }))
})

test('sys.path can be added to', () => {
  box.write('there/a.py', '')
  expectDone(box.run('python2.7 -c "import sys; sys.path.insert(0, \'there\'); import a"'))
})

test('the platform is Linux of this machine', () => {
  expect(
    box.run("python2.7 -c 'from distutils.util import get_platform; print(get_platform())'").stdout,
  ).toBe(`linux-${machine()}\n`)
})

test('what only a real Python can do is refused, not skipped', () => {
  expectRefused(box.run('python2.7 -c "x = 1"'), 2, /cannot run: x = 1/)
  expectRefused(box.run('python2.7 -m zipfile'), 2, /cannot do: python2\.7 -m zipfile/)
  expectRefused(box.run('python2.7 setup.py install'), 2, /cannot do: setup\.py install/)
  expectRefused(box.run('python2.7 program.py', { cwd: box.root }), 2, /cannot do/)
})
