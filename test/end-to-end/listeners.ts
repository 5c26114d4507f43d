import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Addresses, as the kernel writes them, at which processes of a workspace listen. */
export function listenersOf(root: string): string[] {
  const sockets = new Set(processes().filter(isOf(root)).flatMap(socketsOf))
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === listening && sockets.has(`socket:[${inode}]`))
      .map(([, local]) => local!.split(':')[0]!),
  )
}

const listening = '0A'

/** 127.0.0.1, ::1, and the first as an address of the second kind. */
export const loopback = ['0100007F', '00000000000000000000000001000000', '0000000000000000FFFF00000100007F']

const processes = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name))

/** By where it works, and by what its environment and its command line say. */
function isOf(root: string): (pid: string) => boolean {
  return (pid) =>
    orNothing(() =>
      [
        readlinkSync(`/proc/${pid}/cwd`),
        ...['environ', 'cmdline'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')),
      ].filter((text) => text.includes(root)),
    ).length > 0
}

function socketsOf(pid: string): string[] {
  const open = orNothing(() => readdirSync(`/proc/${pid}/fd`))
  return open.flatMap((fd) => orNothing(() => [readlinkSync(`/proc/${pid}/fd/${fd}`)]))
}

/** Processes end, and close what they had open, while one looks. */
function orNothing(look: () => string[]): string[] {
  try {
    return look()
  } catch {
    return []
  }
}
