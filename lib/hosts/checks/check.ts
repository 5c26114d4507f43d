import { basename } from 'node:path/posix'
import { sameFile } from '../../model/file-state.ts'
import type { HostAnswer, HostQuestion } from '../../model/host-session.ts'
import { platformIn } from '../remote/platform.ts'
import type { Remote } from '../remote/remote.ts'
import { mustRun } from '../remote/remote.ts'
import type { Section } from '../remote/sections.ts'
import { newBoundary, readSections, sectionLines } from '../remote/sections.ts'
import { checkProgram } from './check-program.ts'
import type { Look } from './inspect.ts'
import { inspectFiles, parseSignatures, patience } from './inspect.ts'
import { refusalOfAnother } from './keeper.ts'
import type { Receipt } from './receipts.ts'
import { parseReceipt } from './receipts.ts'

/** Looks, and changes nothing: one round trip for all questions, and a second one only where digests must be taken. */
export async function checkHost(remote: Remote, questions: HostQuestion[]): Promise<HostAnswer[]> {
  const said = await ask(remote, questions)
  const receipts = questions.map((question) => standingOf(said, question))
  const doubtful = new Set(receipts.flatMap((receipt) => receipt?.doubtful ?? []))
  const inspected = await inspectFiles(remote, [...doubtful])
  return questions.map(({ task, facts }, index) => {
    const { record, missing = [], doubtful = [] } = receipts[index] ?? {}
    return {
      platform: said.platform,
      facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, said.fact(fact)])),
      ...(record && { receipt: record }),
      missing,
      changed: doubtful.filter((path) => !sameFile(inspected.get(path)?.state, record?.outputs[path])),
      running: said.jobs.some((job) => isJobOf(job, task)),
    }
  })
}

/** What a host says in one round trip. */
interface Said {
  platform: string
  /** Names of the jobs that run. */
  jobs: string[]
  fact(fact: Fact): string | null
  receipt(task: string): Receipt | undefined
  /** How the outputs that a receipt names look now. */
  looks(task: string): Map<string, Look>
}

type Fact = HostQuestion['facts'][string]

async function ask(remote: Remote, questions: HostQuestion[]): Promise<Said> {
  const asks = new Map<string, [sort: string, what: string]>()
  const numberOf = (ask: [string, string]) => [...asks.keys()].indexOf(ask.join(' ')) + 1
  for (const { task, facts } of questions)
    for (const ask of [
      ...(task === undefined ? [] : [askReceipt(task)]),
      ...Object.values(facts).map(askFact),
    ])
      asks.set(ask.join(' '), ask)

  const boundary = newBoundary()
  const args = [remote.host.root, boundary, remote.state, ...[...asks.values()].flat()]
  const { stdout } = await mustRun(remote, 'check', checkProgram, args, { patience })
  const sections = readSections(remote, stdout, boundary)
  const refusal = refusalOfAnother(remote, sections)
  if (refusal) throw refusal
  const lines = (task: string, part: string) =>
    sectionLines(sections, `${part} ${numberOf(askReceipt(task))}`)
  return {
    platform: platformIn(sections),
    jobs: sectionLines(sections, 'jobs').map((folder) => basename(folder)),
    fact: (fact) => factOf(sections, numberOf(askFact(fact))),
    receipt: (task) => parseReceipt(lines(task, 'receipt'), Number(lines(task, 'paths')[0]), task),
    looks: (task) => parseSignatures(lines(task, 'signatures')),
  }
}

const askReceipt = (task: string): [string, string] => ['receipt', task]

const askFact = (fact: Fact): [string, string] =>
  'file' in fact ? ['file', fact.file] : ['command', fact.command]

function factOf(sections: Section[], number: number): string | null {
  const [code] = sectionLines(sections, `exit ${number}`)
  const value = sections.find(({ name }) => name === `fact ${number}`)
  return code === '0' ? (value?.content ?? '').trim() : null
}

/** What of a receipt's outputs is not there, or may not be what it says. */
function standingOf(said: Said, { task, verify }: HostQuestion) {
  const receipt = task === undefined ? undefined : said.receipt(task)
  if (!receipt) return undefined
  const { record, signatures } = receipt
  const looks = said.looks(record.task)
  const paths = Object.keys(record.outputs)
  const isAsRecorded = (path: string) => verify === 'fast' && looks.get(path)?.signature === signatures[path]
  return {
    record,
    missing: paths.filter((path) => !looks.has(path)),
    doubtful: paths.filter((path) => looks.has(path) && !isAsRecorded(path)),
  }
}

/** A job is named after its task, and after digests of what it is. */
function isJobOf(job: string, task: string | undefined): boolean {
  return job.replace(/(\.[0-9a-f]{16})+$/, '') === task
}
