import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { checkProgram } from '../../../lib/hosts/check-program.ts'
import { commandProgram, endCommandProgram } from '../../../lib/hosts/command.ts'
import { listProgram } from '../../../lib/hosts/digest.ts'
import { examineProgram } from '../../../lib/hosts/examine-program.ts'
import { freeSpaceProgram } from '../../../lib/hosts/free-space.ts'
import { inspectProgram } from '../../../lib/hosts/inspect.ts'
import { runner } from '../../../lib/hosts/job-archive.ts'
import { endProgram, followProgram, settleProgram, startProgram } from '../../../lib/hosts/job-programs.ts'
import { releaseProgram, renewProgram, takeProgram } from '../../../lib/hosts/lease-programs.ts'
import { writeReceiptProgram } from '../../../lib/hosts/receipts.ts'
import { fetchProgram, serveProgram } from '../../../lib/hosts/relay-programs.ts'
import { fence } from '../../../lib/hosts/shell-parts.ts'
import { stateFolderProgram } from '../../../lib/hosts/state-folder.ts'
import { placeProgram, planProgram } from '../../../lib/hosts/upload-programs.ts'

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
