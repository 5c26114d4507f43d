import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const minutes = 60_000

/** `npx vitest run --project unit` is the quick one; `end-to-end` deploys whole clusters, after it. */
export default defineConfig({
  test: {
    // Tests wait for processes more than they compute; Vitest would leave one core idle.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/end-to-end/**', 'test/upstream/**', '**/node_modules/**'],
          testTimeout: 0.5 * minutes,
          hookTimeout: 0.5 * minutes,
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          testTimeout: 3 * minutes,
          hookTimeout: 8 * minutes,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
