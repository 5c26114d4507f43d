import { expect, it } from 'vitest'
import { Failed } from '../../lib/index.ts'
import { configSchema } from '../../tasks/config.ts'
import { buildInFolder } from '../../tasks/eggs/folder-builder.ts'

it('builds in a folder only on a machine of the platform', async () => {
  const config = configSchema.parse({
    mesos: { platform: 'plan9-4', builder: 'folder' },
    aurora: { sha256: 'a'.repeat(64) },
  })
  const build = { root: '/nowhere', source: '/nowhere/mesos.tar.gz', flags: {}, modules: [] }
  const refused = buildInFolder({ config, $: undefined as never }, build, '/nowhere/eggs')
  await expect(refused).rejects.toBeInstanceOf(Failed)
  await expect(refused).rejects.toMatchObject({
    failure: { problem: expect.stringMatching(/^The eggs are for plan9-4, but this machine /) },
  })
})
