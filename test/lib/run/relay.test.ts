import { beforeEach, expect, it } from 'vitest'
import type { Digest } from '../../../lib/model/digest.ts'
import type { Warning } from '../../../lib/model/event.ts'
import { refuse } from '../../../lib/model/failure.ts'
import type { Host } from '../../../lib/model/host.ts'
import type { Fleet, LocalFile } from '../../../lib/model/host-session.ts'
import { Relay } from '../../../lib/run/relay.ts'

const host = (name: string): Host => ({ name, role: 'hosts', address: '', root: '' })
const [master, slave, other] = [host('master'), host('slave-1'), host('slave-2')]
const file = (path: string, size: number): LocalFile => ({
  path,
  digest: path.repeat(64) as Digest,
  size,
  executable: false,
})
const [large, small] = [file('a', 5_000_000), file('b', 1000)]
const { signal } = new AbortController()

let offered: string[]
let warnings: Warning[]
beforeEach(() => {
  offered = []
  warnings = []
})

const relay = (via?: Host, offer = async (files: LocalFile[]) => ({ [files[0]!.digest]: 'http://x' })) => {
  const fleet = {
    session: async ({ name }: Host) => ({
      offer: (files: LocalFile[]) => {
        offered.push(...files.map(({ path }) => `${path} of ${name}`))
        return offer(files)
      },
    }),
  } as unknown as Fleet
  const it = new Relay(fleet, via, (warning) => warnings.push(warning))
  return (to: Host, files = [large]) => it.offerTo(to, files, () => {}, signal)
}

it('offers large files of the one host to the others', async () => {
  expect(await relay(master)(slave, [large, small])).toMatchObject({
    addresses: { [large.digest]: 'http://x' },
  })
  expect(offered).toEqual(['a of master'])
})

it('offers nothing to that host itself, nothing small, and nothing at all unless it is asked for', async () => {
  expect(await relay(master)(master)).toBeUndefined()
  expect(await relay(master)(slave, [small])).toBeUndefined()
  expect(await relay()(slave)).toBeUndefined()
  expect(offered).toEqual([])
})

it('offers no more to a host that could not take it, which is told once', async () => {
  const offerTo = relay(master)
  const offer = await offerTo(slave)
  offer?.bypassed('no answer')
  expect(await offerTo(slave)).toBeUndefined()
  expect(await offerTo(other)).toBeDefined()
  expect(warnings).toEqual([{ kind: 'relay-bypassed', host: 'slave-1', via: 'master', why: 'no answer' }])
})

it('says once that the host can give out nothing, and goes on without it', async () => {
  const offerTo = relay(master, async () => refuse('no Python', 'Install it.'))
  expect(await Promise.all([slave, other].map((to) => offerTo(to)))).toEqual([undefined, undefined])
  expect(await offerTo(slave)).toBeUndefined()
  expect(warnings).toMatchObject([{ kind: 'relay-down', via: 'master', failure: { kind: 'refused' } }])
})
