import { Failed } from '../model/failure.ts'
import { fileOf } from '../model/graph.ts'
import type { FactSource, FactValue, Host } from '../model/host.ts'
import type { HostAnswer, HostSession } from '../model/host-session.ts'
import { type Instance, nameOnHost } from '../model/instance.ts'
import { UsageError } from '../model/problem.ts'
import type { Engine } from './engine.ts'

export interface Facts {
  /** What the instance's own host says, its receipt included; absent for a task on the operator's machine. */
  answer?: HostAnswer
  facts: Record<string, FactValue>
}

/** Reads the declared facts: those of the instance's own host in the same round trip as its receipt. */
export async function readFacts(
  engine: Engine,
  instance: Instance,
  session: HostSession | undefined,
): Promise<Facts> {
  const sources = Object.entries(engine.declarations(instance).facts)
  if (!session && sources.length === 0) return { facts: {} }
  const isOwn = ([, source]: [string, FactSource]) =>
    instance.host && (!source.role || source.role === instance.host.role)
  const verify = engine.options.verify ?? 'fast'
  const own = Object.fromEntries(sources.filter(isOwn).map(([name, source]) => [name, source]))
  const [answer, ...others] = await Promise.all([
    session && engine.checks.ask(session, { task: nameOnHost(instance), facts: own, verify }),
    ...sources.filter((source) => !isOwn(source)).map((source) => readElsewhere(engine, instance, source)),
  ])
  return { ...(answer && { answer }), facts: { ...answer?.facts, ...Object.fromEntries(others) } }
}

/** Asks every host at once for what the instances on it will want to know, and reads big inputs meanwhile. What fails here
 *  is asked, and told, again. */
export function askAhead(engine: Engine): void {
  for (const instance of engine.instances) {
    const { host } = instance
    const { facts: sources, skip } = engine.declarations(instance)
    if (skip !== undefined || (!host && Object.keys(sources).length === 0)) continue
    const session = host && engine.workspace.fleet.session(host)
    Promise.resolve(session)
      .then((session) => readFacts(engine, instance, session))
      .catch(() => {})
    if (host) readInputs(engine, instance).catch(() => {})
  }
}

async function readInputs({ declarations, digests, finder }: Engine, instance: Instance): Promise<void> {
  await digests.prepare(finder.inputs(declarations(instance).files).paths)
}

async function readElsewhere(
  engine: Engine,
  instance: Instance,
  [name, source]: [string, FactSource],
): Promise<[string, FactValue]> {
  const { fleet } = engine.workspace
  const { role } = source
  const hosts = role !== undefined && Object.hasOwn(fleet.hosts, role) ? fleet.hosts[role] : undefined
  if (!hosts) throw noSuchRole(instance, name, source, Object.keys(fleet.hosts))
  const read = async (host: Host) => {
    const session = await fleet.session(host)
    return (
      (await engine.checks.ask(session, { facts: { [name]: source }, verify: 'fast' })).facts[name] ?? null
    )
  }
  const values = await ofThoseThatAnswer(
    hosts.map((host) => ({ answer: read(host), silence: fleet.silence?.(host).then(() => undefined) })),
  )
  return [name, hosts.length === 1 ? values[0]! : distinct(values)]
}

interface Reading<T> {
  answer: Promise<T>
  silence: Promise<undefined> | undefined
}

/** A host that is down, or does not say a word, has no say while another of its role answers: its own instances fail. */
async function ofThoseThatAnswer<T>(readings: Reading<T>[]): Promise<T[]> {
  const prompt = await Promise.allSettled(
    readings.map(({ answer, silence }) => (silence ? Promise.race([answer, silence]) : answer)),
  )
  if (prompt.some(isAnswer)) return answersOf(prompt)
  return answersOf(await Promise.allSettled(readings.map(({ answer }) => answer)))
}

function isAnswer<T>(one: PromiseSettledResult<T | undefined>): one is PromiseFulfilledResult<T> {
  return one.status === 'fulfilled' && one.value !== undefined
}

function answersOf<T>(settled: PromiseSettledResult<T | undefined>[]): T[] {
  const answers = settled.filter((one) => isAnswer<T>(one)).map(({ value }) => value)
  for (const one of settled)
    if (one.status === 'rejected' && (answers.length === 0 || !isDown(one.reason))) throw one.reason
  return answers
}

function isDown(error: unknown): boolean {
  return error instanceof Failed && error.failure.kind === 'unreachable'
}

function distinct(values: (string | null)[]): (string | null)[] {
  return [...new Set(values)].sort((a, b) => (String(a) < String(b) ? -1 : 1))
}

function noSuchRole({ task }: Instance, name: string, { role }: FactSource, known: string[]): UsageError {
  return new UsageError({
    kind: 'bad-task',
    task: task.name,
    file: fileOf(task),
    field: `inputs.facts.${name}`,
    problem: role
      ? `asks hosts of the role \`${role}\`, which the cluster does not have`
      : 'does not say of which role',
    advice: `Roles are: ${known.join(', ') || 'none'}.`,
  })
}
