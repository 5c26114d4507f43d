import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { Failed } from '../../lib/index.ts'
import { configSchema } from '../../tasks/config.ts'
import { linkOnIndex } from '../../tasks/downloads/python-index.ts'
import { packageSets, pinned, pythonPackages } from '../../tasks/downloads/python-packages.ts'
import { readRequirements } from '../../tasks/downloads/requirements-file.ts'

const sha256 = 'a'.repeat(64)
const six = { name: 'Six.x', version: '1.8.0', sha256, file: 'Six.x-1.8.0.tar.gz' }

/** An index on loopback that has one page. */
async function index(path: string, html: string): Promise<string> {
  const server = createServer((request, response) =>
    request.url === path ? response.end(html) : response.writeHead(404).end(),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`
}

it.each([
  ['by its digest', `<a href="../../files/x.tar.gz#sha256=${sha256}" rel="x">renamed</a>`, '/files/x.tar.gz'],
  [
    'by its name, where there are no digests',
    '<a href="/f/Six.x-1.8.0.tar.gz">x</a>',
    '/f/Six.x-1.8.0.tar.gz',
  ],
  [
    'among others',
    `<a href="/f/six-1.7.0.tar.gz#sha256=${'b'.repeat(64)}">x</a>\n<a\n data-requires-python="&gt;=2" href='/f/a?x=1&amp;y=2#sha256=${sha256}'>y</a>`,
    '/f/a?x=1&y=2',
  ],
])('a package is found on the index %s', async (_how, html, link) => {
  const site = await index('/simple/six-x/', html)
  expect(await linkOnIndex(six, site)).toBe(new URL(link, site).href)
})

it.each([
  ['an index that lacks the package', '/simple/other/', '', /has no page of Six\.x/],
  ['an index that lacks the version', '/simple/six-x/', '<a href="/f/six-1.9.0.tar.gz">x</a>', /has no link/],
])('%s is named', async (_what, path, html, problem) => {
  const site = await index(path, html)
  const refused = linkOnIndex(six, site)
  await expect(refused).rejects.toBeInstanceOf(Failed)
  await expect(refused).rejects.toMatchObject({ failure: { problem: expect.stringMatching(problem) } })
})

it('an index that does not answer is named', async () => {
  await expect(linkOnIndex(six, 'http://127.0.0.1:9/simple')).rejects.toMatchObject({
    failure: { problem: expect.stringMatching(/^The Python index at http\S+ cannot be reached: /) },
  })
})

it('where the index has not what is asked for, its mirrors are asked', async () => {
  const mirror = await index('/simple/virtualenv/', '<a href="/virtualenv-1.11.6.tar.gz">x</a>')
  const [virtualenv] = pythonPackages(
    configSchema.parse({
      aurora: { sha256 },
      downloads: { pythonIndex: 'http://127.0.0.1:9/simple', pythonMirrors: [mirror] },
    }),
    ['virtualenv'],
  )
  const [asked] = virtualenv!.mirrors as (() => Promise<string>)[]
  expect(await asked!()).toBe(new URL('/virtualenv-1.11.6.tar.gz', mirror).href)
})

it("reads requirements as pip's --require-hashes wants them", () => {
  const text = `# pinned\n\nSix.x==1.8.0 --hash=sha256:${sha256}\nmock==1.0 --hash=sha256:${sha256}  # mock-1.0.zip\n`
  expect(readRequirements(text)).toEqual([
    six,
    { name: 'mock', version: '1.0', sha256, file: 'mock-1.0.zip' },
  ])
})

it.each([['six'], ['six==1.8.0'], ['six>=1.8.0 --hash=sha256:a']])(
  'refuses `%s`, which is not pinned',
  (line) => {
    expect(() => readRequirements(line)).toThrow('is no `name==version --hash=sha256:…`')
  },
)

const config = configSchema.parse({ aurora: { sha256 } })

it.each(packageSets)('all of %s is pinned, each package once', (set) => {
  const names = pinned(config, set).map(({ name }) => name.toLowerCase())
  expect(names.length).toBeGreaterThan(0)
  expect(new Set(names).size).toBe(names.length)
})

it('pants is what Aurora 0.7.0 wants, with its 29 packages and setuptools', () => {
  const packages = pinned(config, 'pants')
  expect(packages).toHaveLength(30)
  expect(packages).toContainEqual(expect.objectContaining({ name: 'pantsbuild.pants', version: '0.0.27' }))
})

it("Aurora's own has protobuf, which Mesos' interface needs and eggs that are given may lack", () => {
  expect(pinned(config, 'aurora')).toContainEqual(
    expect.objectContaining({ name: 'protobuf', version: '2.5.0' }),
  )
})

it('files of the same name are the same in all sets', () => {
  const all = packageSets.flatMap((set) => pinned(config, set))
  for (const { file, sha256 } of pythonPackages(config).map(({ name, sha256 }) => ({ file: name, sha256 })))
    expect([...new Set(all.filter((one) => one.file === file).map((one) => one.sha256))]).toEqual([sha256])
})
