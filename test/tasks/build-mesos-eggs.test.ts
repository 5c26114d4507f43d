import { expect, it } from 'vitest'
import type { Failed } from '../../lib/index.ts'
import { buildMesosEggs } from '../../tasks/build-mesos-eggs-in-docker.ts'
import { configSchema } from '../../tasks/config.ts'

/** What the task refuses before it asks Docker. */
it.each([
  [
    'a platform of which no image is known',
    { platform: 'plan9-4' },
    /^No Docker image is known/,
    /mesos\.image/,
  ],
  [
    'a platform without Python 2.7',
    { platform: 'debian-12' },
    /^debian-12 has no packages of Python 2\.7/,
    /mesos\.eggs.*mesos\.image/,
  ],
  [
    'a folder of eggs that there is not',
    { eggs: 'no-eggs' },
    /^The folder of eggs .*no-eggs/,
    /Put the eggs/,
  ],
])('refuses %s, and says what to do', async (_what, mesos, problem, advice) => {
  const config = configSchema.parse({ mesos, aurora: { sha256: 'a'.repeat(64) } })
  const context = { config, root: '/nowhere', download: async () => '/nowhere/mesos.tar.gz' }
  const failure = await buildMesosEggs.run(context as never).catch((error: Failed) => error.failure)
  expect(failure).toMatchObject({
    kind: 'refused',
    problem: expect.stringMatching(problem),
    advice: expect.stringMatching(advice),
  })
})
