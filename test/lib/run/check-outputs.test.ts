import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Declarations } from '../../../lib/model/declarations.ts'
import { task } from '../../../lib/model/define-task.ts'
import type { Instance } from '../../../lib/model/instance.ts'
import { patternsOverlap } from '../../../lib/model/pattern.ts'
import { UsageError } from '../../../lib/model/problem.ts'
import { checkOutputs } from '../../../lib/run/check-outputs.ts'

const name = fc.constantFrom('a', 'b', 'ab', 'a*', '*', '*b', '**', '{a,b}', '[ab]', 'a?')
const pattern = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))

const instance = (_: string, index: number): Instance => {
  const declared = task({ module: '/tasks.ts', name: `t${index}`, description: 'Make', run: async () => {} })
  return { id: declared.name, task: declared, needs: [] }
}

function isRefused(patterns: string[]): boolean {
  const instances = patterns.map(instance)
  const declarations = (one: Instance) =>
    ({ outputs: [patterns[instances.indexOf(one)]!] }) as Pick<Declarations, 'outputs'> as Declarations
  try {
    checkOutputs(instances, declarations)
    return false
  } catch (error) {
    if (error instanceof UsageError && error.problem.kind === 'overlapping-outputs') return true
    throw error
  }
}

test('outputs are refused exactly when some two of them overlap, however many there are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { minLength: 2, maxLength: 6 }), (patterns) => {
      const overlap = patterns.some((one, index) =>
        patterns.slice(index + 1).some((other) => patternsOverlap(one, other)),
      )
      expect(isRefused(patterns)).toBe(overlap)
    }),
    { numRuns: 2000 },
  )
})
