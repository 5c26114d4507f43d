import { Refusal } from '../refusal.ts'

/** What hosts are like before the clock starts: without any of the files, or with all of them. */
export type Step = 'new' | 'again'

/** Hosts, and files that each of them is to have. */
export interface Scenario {
  name: string
  meaning: string
  hosts: number
  /** What connects us to them. */
  network: 'loopback' | 'link'
  /** Whether they have a master, which is to have none of the files itself. */
  hasMaster: boolean
  files: number
  /** Of each file. */
  bytes: number
  steps: Step[]
  /** Who takes part; without it, all do. */
  among?: string[]
}

const small = { files: 3, bytes: 10_000 }

const kinds: Record<string, (megabytes: number) => Omit<Scenario, 'name' | 'hosts'>> = {
  check: () => ({
    meaning: 'three small files, which every host has already',
    network: 'loopback',
    hasMaster: false,
    ...small,
    steps: ['again'],
    among: ['engine', 'openssh', 'openssh-curve25519', 'ansible', 'ansible-tuned'],
  }),
  push: (megabytes) => ({
    meaning: `a bundle of ${megabytes} MB, which no host has`,
    network: 'loopback',
    hasMaster: false,
    files: 1,
    bytes: megabytes * 1e6,
    steps: ['new', 'again'],
  }),
  via: (megabytes) => ({
    meaning: `a bundle of ${megabytes} MB over a link of 100 Mbit/s, by way of a master at its other end`,
    network: 'link',
    hasMaster: true,
    files: 1,
    bytes: megabytes * 1e6,
    steps: ['new'],
    among: ['engine-via', 'openssh'],
  }),
  scale: () => ({
    meaning: 'three small files on many hosts',
    network: 'loopback',
    hasMaster: false,
    ...small,
    steps: ['new', 'again'],
    among: ['engine'],
  }),
}

/** `check:64`: what is done, on how many hosts. */
export function parseScenario(name: string, megabytes: number): Scenario {
  const [, kind = '', hosts] = /^(\w+):([1-9]\d*)$/.exec(name) ?? []
  const make = kinds[kind]
  if (!make)
    throw new Refusal(`\`${name}\` is not a scenario: ${Object.keys(kinds).join('|')}:HOSTS, as in check:64`)
  return { name, hosts: Number(hosts), ...make(megabytes) }
}
