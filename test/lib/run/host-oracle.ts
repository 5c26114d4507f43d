/** Tasks on hosts, what they make and when they must run: said a second time, without any code of the engine. */
export interface HostWorld {
  steps: HostStep[]
  /** Names of the hosts in the role `many`; `m` is the one in the role `one`. */
  members: string[]
  platform: string
}

export interface HostStep {
  on: Place
  needs: number[]
  level: number
  /** Of its only input. */
  content: string
  fact: FactOf
  /** Brings its report home. Only of a host. */
  collects: boolean
  /** Looks whether what it started still lives. Only on a host. */
  probes: boolean
  /** In the next run only, and only where it runs: nothing that it declares says so. */
  fails: boolean
}

export const places = ['here', 'one', 'many', 'both'] as const
export type Place = (typeof places)[number]

/** Whose flavour a step reads: of its own host, of all in a role; or what the first that it needs made on its host. */
export const factsOf = ['none', 'own', 'one', 'many', 'needed'] as const
export type FactOf = (typeof factsOf)[number]

export type Fact = string | null | (string | null)[]

/** Content by absolute path. */
export type HostFiles = Record<string, string>

/** What is known of hosts before a run. */
export interface Standing {
  hosts: Record<string, HostFiles>
  down: string[]
  /** `<instance> <action>` of all that ever ran to its end on this machine. */
  ran: Set<string>
  /** By instance, what the host itself remembers to have done. */
  receipts: Record<string, Receipt>
}

export interface Receipt {
  action: string
  outputs: HostFiles
}

export type End = 'ran' | 'failed' | 'blocked' | 'stands'

export interface Ended {
  id: string
  host: string | undefined
  end: End
  /** Absent where it failed or was blocked. */
  made?: Made
}

export interface Made {
  outputs: HostFiles
  /** By path from the workspace's root. */
  collected: HostFiles
}

export const flavourFile = '/etc/flavour'
export const folderOf = (step: number) => `/srv/t${step}`
/** What some steps leave behind when they fail; the others have not come to it. */
export const half = 'half of it'
export const leavesHalf = ({ level }: HostStep) => level % 2 === 0

export const lifeOf = (step: number) => `/run/t${step}`

/** Plays a run of these steps, and of what they need, on hosts that it changes as the run would, and tells how every instance ends. */
export function play(world: HostWorld, standing: Standing, asked: number[], noCache: boolean): Ended[] {
  const played: Ended[][] = []
  const wanted = instancesFor(world, asked)
  for (const [index, step] of world.steps.entries())
    played.push(
      hostsOf(world, step.on)
        .filter((host) => wanted.has(idOf(index, host)))
        .map((host) => {
          const needs = step.needs.map((need) => ({ need, ended: waitedFor(played[need]!, host) }))
          const turn = { id: idOf(index, host), index, step, host, needs }
          return { ...turn, ...playOne(world, standing, noCache, turn) }
        }),
    )
  return played.flat()
}

function idOf(step: number, host: string | undefined): string {
  return host === undefined ? `t${step}` : `t${step}@${host}`
}

/** Ids of all instances of the steps, and of those that they wait for. */
function instancesFor(world: HostWorld, asked: number[]): Set<string> {
  const wanted = new Set<string>()
  const want = (index: number, hosts: (string | undefined)[]) => {
    for (const host of hosts) {
      wanted.add(idOf(index, host))
      for (const need of world.steps[index]!.needs) {
        const all = hostsOf(world, world.steps[need]!.on)
        want(need, host !== undefined && all.includes(host) ? [host] : all)
      }
    }
  }
  for (const index of asked) want(index, hostsOf(world, world.steps[index]!.on))
  return wanted
}

interface Turn {
  id: string
  index: number
  step: HostStep
  host: string | undefined
  needs: { need: number; ended: Ended[] }[]
}

function playOne(
  world: HostWorld,
  standing: Standing,
  noCache: boolean,
  turn: Turn,
): Pick<Ended, 'end' | 'made'> {
  const { id, index, step, host, needs } = turn
  if (needs.some(({ ended }) => ended.some(({ made }) => !made))) return { end: 'blocked' }
  const fact = factFor(world, standing, turn)
  if (fact === undefined || (host !== undefined && standing.down.includes(host))) return { end: 'failed' }
  const read = { level: step.level, content: step.content, fact, needs: needs.flatMap(readable) }
  const made = madeBy(step, index, host, make(read))
  const everything = needs.map(({ need, ended }) => [need, marks(ended)]).sort()
  const action = JSON.stringify([
    { ...read, needs: everything, platform: host && world.platform, collects: host && step.collects },
    factSource(world, step) === 'none',
  ])
  if (!noCache && stands(standing, turn, action)) return { end: 'stands', made }
  if (step.fails) {
    delete standing.receipts[id]
    if (host !== undefined && leavesHalf(step)) standing.hosts[host]![`${folderOf(index)}/main`] = half
    return { end: 'failed' }
  }
  standing.ran.add(`${id} ${action}`)
  if (host !== undefined) {
    Object.assign(standing.hosts[host]!, made.outputs, { [lifeOf(index)]: 'alive' })
    standing.receipts[id] = { action, outputs: made.outputs }
  }
  return { end: 'ran', made }
}

function stands(
  { hosts, ran, receipts }: Standing,
  { id, index, step, host }: Turn,
  action: string,
): boolean {
  if (host === undefined) return ran.has(`${id} ${action}`)
  const files = hosts[host]!
  const receipt = receipts[id]
  return (
    receipt?.action === action &&
    Object.entries(receipt.outputs).every(([path, content]) => files[path] === content) &&
    (!step.probes || lifeOf(index) in files)
  )
}

/** Undefined where nobody answers. */
function factFor(world: HostWorld, { hosts, down }: Standing, { step, host, needs }: Turn): Fact | undefined {
  const { members } = world
  const flavour = (name: string) => hosts[name]![flavourFile] ?? null
  const isUp = (name: string) => !down.includes(name)
  const source = factSource(world, step)
  const isOwn = host !== undefined && (source === roleOf(host) || source === 'own')
  if (isOwn) return flavour(host)
  if (source === 'one') return isUp('m') ? flavour('m') : undefined
  if (source === 'needed') return hosts[host!]![`${folderOf(needs[0]!.need)}/main`] ?? null
  if (source !== 'many') return null
  const answers = members.filter(isUp).map(flavour)
  if (members.length === 1) return answers[0]
  return answers.length === 0 ? undefined : [...new Set(answers)].sort(asText)
}

function asText(a: unknown, b: unknown): number {
  return String(a) < String(b) ? -1 : 1
}

/** What of the wanted fact there can be: no own host at home, and nothing that was not made on the same host. */
export function factSource({ steps }: HostWorld, { on, fact, needs }: HostStep): FactOf {
  const needed = steps[needs[0] ?? -1]?.on
  const isOnSameHost = needed === 'both' || needed === on
  if (on === 'here') return fact === 'own' || fact === 'needed' ? 'none' : fact
  return fact === 'needed' && !isOnSameHost ? 'none' : fact
}

function roleOf(host: string): Place {
  return host === 'm' ? 'one' : 'many'
}

function hostsOf({ members }: HostWorld, on: Place): (string | undefined)[] {
  return { here: [undefined], one: ['m'], many: members, both: ['m', ...members] }[on]
}

function waitedFor(ended: Ended[], host: string | undefined): Ended[] {
  const here = ended.filter((one) => host !== undefined && one.host === host)
  return here.length > 0 ? here : ended
}

/** Every distinct content that the needed instances made, by path. */
function marks(ended: Ended[]): [string, string[]][] {
  const contents: Record<string, string[]> = {}
  for (const { made } of ended)
    for (const [path, content] of Object.entries({ ...made!.outputs, ...made!.collected }))
      contents[path] = [...new Set([...(contents[path] ?? []), content])].sort()
  return Object.entries(contents).sort()
}

/** `<path> <size>` of what a task can open at home, the path alone of what lies on hosts. */
function readable({ ended }: Turn['needs'][number]): string[] {
  const paths = ended.flatMap(({ host, made }) => {
    const home = host === undefined ? made!.outputs : made!.collected
    return Object.keys(home).length > 0
      ? Object.entries(home).map(([path, content]) => `${path} ${content.length}`)
      : Object.keys(made!.outputs)
  })
  return [...new Set(paths)].sort()
}

interface Read {
  level: number
  content: string
  fact: Fact
  needs: string[]
}

/** What a step makes of what it reads: it drops comment lines, so that different inputs often make the same. */
export function make({ level, content, fact, needs }: Read): { main: string; report: string } {
  const lines = content.split('\n').filter((line) => !line.startsWith('#'))
  return {
    main: [...lines, JSON.stringify(fact), ...needs, `level ${level % 3}`].join('\n'),
    report: `level ${level % 3} of ${lines.length} lines`,
  }
}

function madeBy(
  { collects }: HostStep,
  index: number,
  host: string | undefined,
  made: ReturnType<typeof make>,
): Made {
  const folder = host === undefined ? `out/${index}` : folderOf(index)
  return {
    outputs: { [`${folder}/main`]: made.main, [`${folder}/report`]: made.report },
    collected: host !== undefined && collects ? { [`dist/${index}/${host}/report`]: made.report } : {},
  }
}
