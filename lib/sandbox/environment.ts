import { dirname, join } from 'node:path'
import type { Host } from '../model/host.ts'
import type { Layout } from './layout.ts'
import { sandboxHome, sandboxUser } from './layout.ts'

/** The environment entry by which what the sandbox itself starts is recognised, descendants included. */
export function markerOf(layout: Layout): string {
  return `AURORA_SANDBOX=${layout.folder}`
}

/** The environment entry by which the processes of one host are recognised. */
export function hostMarkerOf(host: Pick<Host, 'root'>): string {
  return `ROOT=${host.root}`
}

/** Every entry by which a process of this sandbox is recognised: detached jobs keep the host's only. */
export function markersOf(layout: Layout, hosts: string[]): string[] {
  return [markerOf(layout), ...hosts.map((name) => hostMarkerOf({ root: layout.hostRoot(name) }))]
}

/** All that a command on a sandbox host sees: nothing of the operator's environment. */
export function hostEnvironment(host: Host, layout: Layout, standIns: string): Record<string, string> {
  return {
    HOME: join(host.root, sandboxHome()),
    USER: sandboxUser(),
    LANG: 'C.UTF-8',
    PATH: [standIns, dirname(process.execPath), ...systemPath].join(':'),
    TMPDIR: join(host.root, 'tmp'),
    ROOT: host.root,
    AURORA_SANDBOX: layout.folder,
  }
}

const systemPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']
