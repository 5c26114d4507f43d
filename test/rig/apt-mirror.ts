import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface AptMirror {
  url: string
  /** Variables that make other programs go the way that apt goes. */
  env: Record<string, string>
}

/** The mirror that this machine's apt takes Debian from, which has other releases, too; `DEBIAN_MIRROR` overrules it. */
export async function aptMirror(): Promise<AptMirror> {
  const url = process.env.DEBIAN_MIRROR ?? (await configuredMirror())
  if (!url)
    throw new Error(
      "This machine's apt knows no mirror of Debian, of which the test hosts are made. " +
        'Name one: DEBIAN_MIRROR=http://… npm test',
    )
  const proxy = await ask('apt-config', ['dump', '--format', '%v', 'Acquire::http::Proxy'])
  return { url, env: proxy ? { http_proxy: proxy } : {} }
}

async function configuredMirror(): Promise<string | undefined> {
  const sites = await ask('apt-get', [
    'indextargets',
    '--format',
    '$(SITE)',
    'Created-By: Packages',
    'Origin: Debian',
    'Label: Debian',
  ])
  return sites.split('\n').find((site) => site.startsWith('http'))
}

async function ask(program: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args)
  return stdout.trim()
}
