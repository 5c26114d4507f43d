import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { checkProgram } from '../../../lib/hosts/checks/check-program.ts'
import { listProgram } from '../../../lib/hosts/checks/digest.ts'
import { examineProgram } from '../../../lib/hosts/checks/examine-program.ts'
import { inspectProgram } from '../../../lib/hosts/checks/inspect.ts'
import { writeReceiptProgram } from '../../../lib/hosts/checks/receipts.ts'
import { commandProgram, endCommandProgram } from '../../../lib/hosts/jobs/command.ts'
import { runner } from '../../../lib/hosts/jobs/job-archive.ts'
import {
  endProgram,
  followProgram,
  settleProgram,
  startProgram,
} from '../../../lib/hosts/jobs/job-programs.ts'
import { releaseProgram, renewProgram, takeProgram } from '../../../lib/hosts/lease/lease-programs.ts'
import { freeSpaceProgram } from '../../../lib/hosts/remote/free-space.ts'
import { fence } from '../../../lib/hosts/remote/shell-parts.ts'
import { stateFolderProgram } from '../../../lib/hosts/remote/state-folder.ts'
import { fetchProgram, serveProgram } from '../../../lib/hosts/transfer/relay-programs.ts'
import { placeProgram, planProgram } from '../../../lib/hosts/transfer/upload-programs.ts'

/** Unused parts of shared pieces, `$as` meant to be split, and files that only hosts have. */
const meant = 'SC2034,SC2086,SC1091'

it.each(
  Object.entries({
    checkProgram,
    commandProgram,
    endCommandProgram,
    endProgram,
    examineProgram,
    fence,
    followProgram,
    freeSpaceProgram,
    inspectProgram,
    listProgram,
    placeProgram,
    planProgram,
    fetchProgram,
    releaseProgram,
    renewProgram,
    runner,
    serveProgram,
    settleProgram,
    startProgram,
    stateFolderProgram,
    takeProgram,
    writeReceiptProgram,
  }),
)('%s is clean POSIX sh', (_name, program) => {
  const { stdout, status } = spawnSync(
    'shellcheck',
    ['--shell=sh', '--severity=warning', `--exclude=${meant}`, '-'],
    {
      input: program,
      encoding: 'utf8',
    },
  )
  expect(stdout).toBe('')
  expect(status).toBe(0)
})
