import { randomBytes } from 'node:crypto'
import { isDigest } from '../model/digest.ts'
import type { TaskRecord } from '../model/record.ts'
import type { Remote } from './remote.ts'
import { mustRun } from './remote.ts'
import { putInPlace } from './shell-parts.ts'
import { ensureStateFolder } from './state-folder.ts'

/**
 * The record of a task on its host: a line of JSON, then the path of each output on a line of its own, as `./…` from
 * the host's root, so that a program of sh can look at them without reading JSON.
 */
export interface Receipt {
  version: 1
  record: TaskRecord
  /** What each output looked like just before it was digested, see `signatures` in `shell-parts.ts`. */
  signatures: Record<string, string>
}

export async function writeReceipt(remote: Remote, receipt: Receipt): Promise<void> {
  await ensureStateFolder(remote)
  const paths = Object.keys(receipt.record.outputs)
  const content = Buffer.from([JSON.stringify(receipt), ...paths.map((path) => `.${path}`), ''].join('\n'))
  const args = [receiptPath(remote, receipt.record.task), randomBytes(6).toString('hex'), `${content.length}`]
  await mustRun(remote, `write ${args[0]}`, writeReceiptProgram, args, { input: content })
}

export async function removeReceipt(remote: Remote, task: string): Promise<void> {
  await mustRun(remote, `rm ${receiptPath(remote, task)}`, 'rm -f -- "$1"', [receiptPath(remote, task)])
}

export function receiptPath(remote: Remote, task: string): string {
  return `${remote.state}/receipts/${task}`
}

/** A receipt from its first line and the number of paths that follow; undefined when it is torn, foreign or of another version. */
export function parseReceipt(line: string, paths: number, task: string): Receipt | undefined {
  try {
    const receipt = JSON.parse(line) as Receipt
    const { version, record, signatures } = receipt
    const known = version === 1 && record.schema === 1 && record.task === task && isDigest(record.key)
    const whole = typeof signatures === 'object' && Object.keys(record.outputs).length === paths
    return known && whole ? receipt : undefined
  } catch {
    return undefined
  }
}

/** The size is compared, lest a connection that is lost half-way leave a part of a receipt. */
export const writeReceiptProgram = `${putInPlace}
as=''
temp=$1.$2
trap 'rm -f "$temp"' EXIT
cat >"$temp" && [ "$(wc -c <"$temp")" -eq "$3" ] && put_in_place "$temp" "$1"
`
