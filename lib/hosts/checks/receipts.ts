import { randomBytes } from 'node:crypto'
import { digestOf, isDigest } from '../../model/digest.ts'
import type { TaskRecord } from '../../model/record.ts'
import { mustWrite } from '../remote/free-space.ts'
import type { Remote } from '../remote/remote.ts'
import { mustRun } from '../remote/remote.ts'
import { hostIdentity, putInPlace } from '../remote/shell-parts.ts'
import { ensureFence, ensureStateFolder } from '../remote/state-folder.ts'

/**
 * The record of a task on its host. In its file follow each other, a line each: whose it is, as the host itself knows
 * itself; the digest of what follows, which shows an edit, though not one by somebody who corrects it; this as JSON; and
 * the path of each output, as `./…` from the host's root, so that a program of sh can look at them without reading JSON.
 */
export interface Receipt {
  version: 2
  record: TaskRecord
  /** What each output looked like just before it was digested, see `signatures` in `shell-parts.ts`. */
  signatures: Record<string, string>
}

export async function writeReceipt(remote: Remote, receipt: Receipt): Promise<void> {
  await ensureStateFolder(remote)
  const path = receiptPath(remote, receipt.record.task)
  const json = JSON.stringify(receipt)
  const outputs = Object.keys(receipt.record.outputs).map((path) => `.${path}`)
  const content = Buffer.from([digestOf(json), json, ...outputs, ''].join('\n'))
  const args = [path, randomBytes(6).toString('hex'), `${content.length}`, remote.host.root]
  await mustWrite(remote, path, `write ${path}`, writeReceiptProgram, args, content)
}

export async function removeReceipt(remote: Remote, task: string): Promise<void> {
  await ensureFence(remote)
  const path = receiptPath(remote, task)
  await mustRun(remote, `rm ${path}`, 'rm -f -- "$1"', [path], { writes: true })
}

export function receiptPath(remote: Remote, task: string): string {
  return `${remote.state}/receipts/${task}`
}

/**
 * A receipt from its two lines in the middle and the number of paths that follow. Undefined when it is torn, was edited,
 * or is of another task or version; that it is this host's has been seen to.
 */
export function parseReceipt([seal, json]: string[], paths: number, task: string): Receipt | undefined {
  if (json === undefined || seal !== digestOf(json)) return undefined
  const receipt = JSON.parse(json) as Receipt
  const { version, record } = receipt
  const known = version === 2 && record.schema === 1 && record.task === task && isDigest(record.key)
  return known && Object.keys(record.outputs).length === paths ? receipt : undefined
}

/** The size is compared, lest a connection that is lost half-way leave a part of a receipt. */
export const writeReceiptProgram = `${putInPlace}${hostIdentity}
as=''
temp=$1.$2
root=$4
umask 077
trap 'rm -f "$temp"' EXIT
host_identity >"$temp" && size=$(($(wc -c <"$temp") + $3)) &&
  cat >>"$temp" && [ "$(wc -c <"$temp")" -eq "$size" ] && still_ours && put_in_place "$temp" "$1"
`
