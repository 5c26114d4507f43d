import pLimit from 'p-limit'
import type { SshSettings } from './ssh-settings.ts'

/** Lets a limited number of connections be made at a time to where these settings lead. */
export type ConnectGate = <T>(settings: SshSettings, connect: () => Promise<T>) => Promise<T>

/** Hosts that are reached the same way share a door: sshd turns away who comes in a crowd (MaxStartups). */
export function gateOf(limit: number): ConnectGate {
  const doors = new Map<string, ReturnType<typeof pLimit>>()
  return ({ door: name }, connect) => {
    const door = doors.get(name) ?? pLimit(limit)
    doors.set(name, door)
    return door(connect)
  }
}
