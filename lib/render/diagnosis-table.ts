import type { Diagnosis } from '../model/diagnosis.ts'
import { table } from './table.ts'

/** What was found here, a line each, and a table of hosts × checks. `brief` says it in a word or two. */
export function diagnosisTable(diagnoses: Diagnosis[], brief: (diagnosis: Diagnosis) => string): string {
  const here = diagnoses.filter(({ host }) => host === null)
  const there = diagnoses.filter(({ host }) => host !== null)
  const parts = [table(here.map((one) => [one.check, brief(one)]))]
  if (there.length > 0) parts.push(hostsTable(there, brief))
  return parts.join('\n\n')
}

function hostsTable(diagnoses: Diagnosis[], brief: (diagnosis: Diagnosis) => string): string {
  const hosts = [...new Set(diagnoses.map(({ host }) => host))]
  const checks = [...new Set(diagnoses.map(({ check }) => check))]
  const cell = (host: string | null, check: string) => {
    const found = diagnoses.find((one) => one.host === host && one.check === check)
    return found ? brief(found) : ''
  }
  const rows = hosts.map((host) => [host ?? '', ...checks.map((check) => cell(host, check))])
  return table([['', ...checks], ...rows])
}
