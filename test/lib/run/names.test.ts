import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EngineRig } from '../../rig/engine.ts'

test('files are what they are called, even where an object has such a property of its own', async () => {
  const rig = new EngineRig()
  const names = ['__proto__', 'constructor', 'toString']
  rig.write(Object.fromEntries(names.map((name) => [name, 'one'])))
  const path = (name: string) => join(rig.root, name)
  const make = rig.task({
    name: 'make',
    inputs: { files: names, values: JSON.parse('{"__proto__": {"level": 1}}') },
    outputs: { files: ['made/**'] },
    run: async () => {
      for (const name of names) cpSync(path(name), path(`made/${name}`))
    },
  })
  rig.task({
    name: 'constructor',
    needs: [make],
    inputs: { files: ['__proto__'] },
    outputs: { files: ['copied/__proto__'] },
    run: async ({ outputs }) => cpSync(path(outputs(make)[0]!), path('copied/__proto__')),
  })
  await rig.run(['constructor'])
  expect((await rig.run(['constructor'])).statuses).toEqual({ make: 'up-to-date', constructor: 'up-to-date' })
  for (const name of names) {
    rig.write({ [name]: 'two' })
    expect((await rig.run(['constructor'])).reasons.make).toEqual([{ kind: 'input-changed', path: name }])
    expect(readFileSync(path(`made/${name}`), 'utf8')).toBe('two')
  }
  rmSync(path('made/__proto__'))
  expect((await rig.run(['constructor'])).statuses).toEqual({ make: 'restored', constructor: 'up-to-date' })
})

test('an output may be named __proto__', async () => {
  const rig = new EngineRig()
  const path = (name: string) => join(rig.root, name)
  rig.write({ in: 'one' })
  const make = rig.task({
    name: 'make',
    inputs: { files: ['in'] },
    outputs: { files: ['__proto__'] },
    run: async () => cpSync(path('in'), path('__proto__')),
  })
  rig.task({
    name: 'copy',
    needs: [make],
    outputs: { files: ['copied'] },
    run: async () => cpSync(path('__proto__'), path('copied')),
  })
  await rig.run(['copy'])
  rig.write({ in: 'two' })
  const { statuses, reasons } = await rig.run(['copy'])
  expect(statuses).toEqual({ make: 'ran', copy: 'ran' })
  expect(reasons.copy).toEqual([{ kind: 'need-changed', task: 'make', path: '__proto__' }])
  rmSync(path('__proto__'))
  expect((await rig.run(['copy'])).statuses).toEqual({ make: 'restored', copy: 'up-to-date' })
  rig.write({ in: 'one' })
  expect((await rig.run(['copy'])).statuses).toEqual({ make: 'restored', copy: 'restored' })
  expect(readFileSync(path('copied'), 'utf8')).toBe('one')
})
