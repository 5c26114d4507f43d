import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { listenersOf, loopback } from './listeners.ts'
import { listing } from './listing.ts'
import { openSandboxPlace } from './open-sandbox.ts'
import { program } from './program.ts'
import { linksOf, tellStories } from './stories.ts'
import { workspaceParts } from './workspace-copy.ts'

describe('on the sandbox', () => {
  const place = tellStories(async () => {
    const before = await outside()
    return { ...(await openSandboxPlace()), before }
  })

  test('nothing is written outside .cache and dist', async () => {
    expect(await outside()).toEqual(place().before)
    const names = await readdir(place().root)
    expect(names.sort()).toEqual([...workspaceParts, '.cache', 'dist', 'node_modules'].sort())
  })

  test('the scheduler is built from the Maven repository that the cluster file gives', async () => {
    const found = await place().shell(
      'master',
      'cd "$ROOT/usr/local/aurora/build-support" && find . -name "args*.pom"',
    )
    expect(found).toContain('gradle-offline/repository/com/twitter/common/args/0.2.9')
  })

  test.runIf(process.platform === 'linux')(
    'nothing listens beyond this machine while a run works',
    async () => {
      const { root } = place()
      const seen = new Set<string>()
      let most = 0
      const look = () => {
        const found = listenersOf(root)
        most = Math.max(most, found.length)
        for (const address of found) seen.add(address)
      }
      const timer = setInterval(look, 100)
      const { exitCode } = await program(root, ['run', 'start', '--rebuild', 'start'])
      clearInterval(timer)
      expect(exitCode).toBe(0)
      expect([...seen].filter((address) => !loopback.includes(address))).toEqual([])
      // Five hosts by SSH, and five services.
      expect(most).toBeGreaterThanOrEqual(10)
    },
  )

  test('`sandbox down` ends what `run start` started', async () => {
    const urls = await linksOf(place())
    expect(urls).toHaveLength(5)
    const { exitCode } = await program(place().root, ['sandbox', 'down'])
    expect(exitCode).toBe(0)
    for (const { origin } of urls) await expect(fetch(origin)).rejects.toThrow()
  })
})

/** Where an installation would be seen, on a machine that others use too. */
async function outside(): Promise<string[]> {
  const whole = ['/etc', '/usr/local', '/opt', '/var/lib/aurora-mesosphere', '/var/lib/mesos']
  const named = ['/', '/var/lib', '/var/log', homedir()]
  const lines = await Promise.all([
    ...whole.map((folder) => listing(folder)),
    ...named.map((folder) => listing(folder, { depth: 1 })),
  ])
  return lines.flat()
}
