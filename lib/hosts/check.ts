import { sameFile } from '../model/file-state.ts'
import type { HostAnswer, HostQuestion } from '../model/host-session.ts'
import { inspectFiles, parseSignatures, patience } from './inspect.ts'
import { platformOf } from './platform.ts'
import type { Receipt } from './receipts.ts'
import { parseReceipt, receiptPath } from './receipts.ts'
import type { Remote } from './remote.ts'
import { mustRun } from './remote.ts'
import type { Section } from './sections.ts'
import { newBoundary, readSections, sectionLines } from './sections.ts'
import { hostIdentity, section, signatures } from './shell-parts.ts'

/** Looks, and changes nothing: one round trip, and a second one only where a digest must be taken. */
export async function checkHost(remote: Remote, question: HostQuestion): Promise<HostAnswer> {
  const names = Object.keys(question.facts)
  const boundary = newBoundary()
  const receiptFile = question.task === undefined ? '' : receiptPath(remote, question.task)
  const facts = Object.values(question.facts).flatMap((fact) =>
    'file' in fact ? ['file', fact.file] : ['command', fact.command],
  )
  const args = [remote.host.root, boundary, receiptFile, ...facts]
  const { stdout } = await mustRun(remote, 'check', checkProgram, args, { patience })
  const sections = readSections(stdout, boundary)
  const receipt = receiptOf(sections, question.task)
  const compared = receipt ? await compare(remote, receipt, sections, question.verify) : {}
  return {
    platform: platformOf(sectionLines(sections, 'release'), sectionLines(sections, 'kernel')),
    facts: factsOf(sections, names),
    missing: [],
    changed: [],
    ...compared,
  }
}

function factsOf(sections: Section[], names: string[]): Record<string, string | null> {
  const values = sections.filter(({ name }) => name === 'fact')
  const codes = sections.filter(({ name }) => name.startsWith('exit '))
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      codes[index]?.name === 'exit 0' ? (values[index]?.content ?? '').trim() : null,
    ]),
  )
}

function receiptOf(sections: Section[], task: string | undefined): Receipt | undefined {
  if (task === undefined) return undefined
  const [paths] = sectionLines(sections, 'paths')
  return parseReceipt(sectionLines(sections, 'receipt'), Number(paths), task)
}

/** What of a receipt's outputs is not there, or not what it says. */
async function compare(
  remote: Remote,
  { record, signatures }: Receipt,
  sections: Section[],
  verify: HostQuestion['verify'],
): Promise<Pick<HostAnswer, 'receipt' | 'missing' | 'changed'>> {
  const looks = parseSignatures(sectionLines(sections, 'signatures'))
  const paths = Object.keys(record.outputs)
  const there = paths.filter((path) => looks.has(path))
  const doubtful = there.filter(
    (path) => verify === 'full' || looks.get(path)?.signature !== signatures[path],
  )
  const inspected = await inspectFiles(remote, doubtful)
  return {
    receipt: record,
    missing: paths.filter((path) => !looks.has(path)),
    changed: doubtful.filter((path) => !sameFile(inspected.get(path)?.state, record.outputs[path])),
  }
}

export const checkProgram = `${section}${signatures}${hostIdentity}
root=$1 boundary=$2 receipt=$3
shift 3
section release
cat "$root/etc/os-release" 2>/dev/null || cat /etc/os-release 2>/dev/null
section kernel
uname -s
uname -r
uname -m
while [ $# -gt 1 ]; do
  section fact
  case $1 in
    file) cat -- "$root$2" ;;
    command) ROOT=$root sh -c "$2" ;;
  esac 2>/dev/null </dev/null
  section exit $?
  shift 2
done
[ -r "$receipt" ] && [ "$(head -n 1 "$receipt")" = "$(host_identity)" ] || exit 0
section receipt
head -n 3 "$receipt" | tail -n 2
section paths
tail -n +4 "$receipt" | wc -l
section signatures
cd "$root/" && tail -n +4 "$receipt" | signatures
exit 0
`
