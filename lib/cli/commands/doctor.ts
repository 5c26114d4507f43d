import type { Diagnosis } from '../../model/diagnosis.ts'
import { UsageError } from '../../model/problem.ts'
import { diagnosisTable } from '../../render/diagnosis-table.ts'
import { count } from '../../report/words/count.ts'
import { diagnosisInBrief, diagnosisInWords } from '../../report/words/diagnosis.ts'
import { explain } from '../../report/words/explained.ts'
import { chooseCluster } from '../choose-cluster.ts'
import type { Context } from '../command.ts'
import { command } from '../command.ts'
import { examineHere, here } from '../doctor/examine-here.ts'
import { examineHosts } from '../doctor/examine-hosts.ts'
import { choice } from '../option.ts'
import { print } from '../output.ts'
import { untilSignal } from '../signals.ts'

export const doctor = command({
  name: 'doctor',
  summary: 'Examine this machine and every host, and say what to do; exit code 1 if something is bad',
  options: { format: choice(['text', 'json'], 'a table or data') },
  run(context, { format }) {
    return untilSignal(async (signal) => {
      const diagnoses = await examine(context)
      signal.throwIfAborted()
      print(format === 'json' ? inJson(diagnoses) : inText(diagnoses))
      return diagnoses.some(({ state }) => state === 'bad') ? 1 : 0
    })
  },
})

/** Changes nothing anywhere. */
async function examine(context: Context): Promise<Diagnosis[]> {
  const { root, options, graph } = context
  const chosen = await chooseCluster(context, graph.tasks, true).catch(problemOf)
  if (chosen instanceof UsageError) {
    const problem = here('cluster', 'bad', { kind: 'problem', problem: chosen.problem })
    return [...(await examineHere({ root, cluster: noCluster, programs: {} })), problem]
  }
  const { cluster, fleet, close } = chosen
  try {
    const { programs = {}, tools = {} } = options.doctor?.({ config: cluster.config }) ?? {}
    const found = await Promise.all([examineHere({ root, cluster, programs }), examineHosts(fleet, tools)])
    return found.flat()
  } finally {
    await close()
  }
}

const noCluster = { name: '', hosts: {}, ssh: {}, config: {} }

/** A cluster that cannot be used is something to tell; a command line that makes no sense ends the command. */
function problemOf(error: unknown): UsageError {
  if (error instanceof UsageError && error.problem.kind !== 'bad-option') return error
  throw error
}

function inJson(diagnoses: Diagnosis[]): string {
  const rows = diagnoses.map(({ host, check, state, finding }) => {
    const { what, detail, next } = diagnosisInWords(finding)
    return {
      host,
      check,
      state,
      detail: explain({ what, ...(detail && { detail }) }),
      ...(state !== 'ok' && next && { advice: next }),
      finding,
    }
  })
  return `${JSON.stringify(rows, null, 2)}\n`
}

function inText(diagnoses: Diagnosis[]): string {
  const open = diagnoses.filter(({ state }) => state !== 'ok')
  const bad = open.filter(({ state }) => state === 'bad').length
  const conclusion =
    open.length === 0 ? 'Nothing is wrong.' : `${bad} bad, ${count(open.length - bad, 'warning')}.`
  const explained = open.map(({ host, check, state, finding }) => {
    const { what, ...more } = diagnosisInWords(finding)
    return explain({ what: `${state === 'bad' ? '✗' : '!'} ${host ?? 'here'}, ${check}: ${what}`, ...more })
  })
  return `${[diagnosisTable(diagnoses, diagnosisInBrief), ...explained, conclusion].join('\n\n')}\n`
}
