import { defineConfig } from 'vitest/config'

const minutes = 60_000

/** `npm run test:upstream`: whether what the deployment takes from outside still is what it takes it for. Needs the network. */
export default defineConfig({
  test: {
    include: ['test/upstream/**/*.test.ts'],
    globalSetup: 'test/upstream/docker.mjs',
    testTimeout: 10 * minutes,
    hookTimeout: 10 * minutes,
  },
})
