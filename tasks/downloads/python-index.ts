import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { refuse } from '../../lib/index.ts'
import type { PinnedPackage } from './requirements-file.ts'

/**
 * Where a package is to be had now: the index says it, by name and digest.
 * @param index address of a page with a link for each package (PEP 503); without, the one that pip uses here
 */
export async function linkOnIndex({ name, sha256, file }: PinnedPackage, index?: string): Promise<string> {
  const site = index ?? (await indexOfPip())
  const page = new URL(`${normalized(name)}/`, site.endsWith('/') ? site : `${site}/`)
  const response = await fetch(page, { headers: { accept: 'text/html' } }).catch((error) =>
    refuse(
      `The Python index at ${site} cannot be reached: ${error.cause?.message ?? error.message}.`,
      otherIndex,
    ),
  )
  if (!response.ok)
    refuse(
      `The Python index has no page of ${name}: ${page} answers ${response.status} ${response.statusText}.`,
      otherIndex,
    )
  const links = linksOf(await response.text(), response.url)
  const link =
    links.find(({ hash }) => hash === `#sha256=${sha256}`) ??
    links.find(({ pathname }) => decodeURIComponent(pathname).endsWith(`/${file}`))
  if (!link) return refuse(`The page ${page} has no link to ${file}.`, otherIndex)
  link.hash = ''
  return link.href
}

const otherIndex =
  'Name another index as `downloads.pythonIndex` or in `downloads.pythonMirrors` in the cluster file, or put the file into the folder of `downloads.folder`.'

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

function linksOf(html: string, base: string): URL[] {
  return [...html.matchAll(/<a\s[^>]*?href\s*=\s*["']([^"']+)["']/gi)].map(
    ([, href]) => new URL(href!.replaceAll('&amp;', '&'), base),
  )
}

let found: Promise<string> | undefined

/** pip says it in its help, whether it was told by a file or by nobody. */
function indexOfPip(): Promise<string> {
  found ??= askPip()
  return found
}

async function askPip(): Promise<string> {
  if (process.env.PIP_INDEX_URL) return process.env.PIP_INDEX_URL
  for (const pip of ['pip3', 'pip']) {
    const help = await promisify(execFile)(pip, ['download', '--help'], {
      env: { ...process.env, COLUMNS: '1000' },
    }).catch(() => undefined)
    const [, index] = /--index-url <url>[^(]*\(default\s+(\S+?)\)/.exec(help?.stdout ?? '') ?? []
    if (index) return index
  }
  return refuse(
    'It is not known where Python packages come from: there is no pip here to ask.',
    'Name an index as `downloads.pythonIndex` in the cluster file (the address of its simple page), or install pip.',
  )
}
