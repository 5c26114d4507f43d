import { userInfo } from 'node:os'
import { join } from 'node:path'

/** Where the sandbox of a workspace lies. Everything of it is below `folder`, and nothing of it elsewhere. */
export interface Layout {
  folder: string
  /** What the sandbox consists of, see `manifest.ts`. */
  manifest: string
  /** Held while something is made or started. */
  lock: string
  knownHosts: string
  clientKey: string
  hostKey(host: string): string
  hostRoot(host: string): string
}

/** @param root absolute path of the workspace */
export function layoutOf(root: string): Layout {
  const folder = join(root, '.cache', 'sandbox')
  return {
    folder,
    manifest: join(folder, 'sandbox.json'),
    lock: join(folder, 'lock'),
    knownHosts: join(folder, 'known_hosts'),
    clientKey: join(folder, 'keys', 'client'),
    hostKey: (host) => join(folder, 'keys', `host-${host}`),
    hostRoot: (host) => join(folder, 'hosts', host),
  }
}

/** The only user of every sandbox host: whoever runs it. */
export function sandboxUser(): string {
  return userInfo().username
}

/** The user's home folder, from the host's root. */
export function sandboxHome(): string {
  const user = sandboxUser()
  return user === 'root' ? 'root' : join('home', user)
}
