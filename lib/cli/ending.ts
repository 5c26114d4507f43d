import { inspect } from 'node:util'
import { fileFaultOf } from '../disk/file-fault-of.ts'
import { Failed } from '../model/failure.ts'
import { ownFrames } from '../model/own-frames.ts'
import { UsageError } from '../model/problem.ts'
import { legible, said } from '../model/said.ts'
import { type ColorMode, colorsFor } from '../report/colors.ts'
import type { Explained } from '../report/words/explained.ts'
import { explain } from '../report/words/explained.ts'
import { failureInWords } from '../report/words/failure.ts'
import { fileFaultInWords } from '../report/words/file-fault.ts'
import { problemInWords } from '../report/words/problem.ts'
import { importCircle } from './import-circle.ts'
import { complain } from './output.ts'
import { workspaceRoot } from './workspace-root.ts'

/** Says what ended a command before its time, and gives the exit code that belongs to it. */
export function explainEnding(error: unknown, color: ColorMode = 'auto'): number {
  const { exitCode, words } = ending(legible(error))
  complain(`${colorsFor(process.stderr, color).red('Error:')} ${explain(words)}\n`)
  return exitCode
}

function ending(error: unknown): { exitCode: number; words: Explained } {
  if (error instanceof UsageError)
    return { exitCode: error.problem.kind === 'locked' ? 3 : 2, words: problemInWords(error.problem) }
  if (error instanceof Failed) return { exitCode: 1, words: sentence(failureInWords(error.failure)) }
  const circle = importCircle(error)
  if (circle) return { exitCode: 2, words: problemInWords(circle) }
  const fault = fileFaultOf(error)
  if (fault) return { exitCode: 1, words: sentence(fileFaultInWords(fault)) }
  const message = error instanceof Error ? said(error) : typeof error === 'string' ? error : inspect(error)
  const stack = error instanceof Error ? error.stack : undefined
  const detail = stack && ownFrames(stack, workspaceRoot(process.argv[1] ?? process.cwd()))
  return {
    exitCode: 1,
    words: {
      what: `Something went wrong that nobody expected: ${message}`,
      ...(detail && { detail }),
      next: 'This is a bug in the tasks, or in the engine below them.',
    },
  }
}

function sentence(words: Explained): Explained {
  const what = words.what.charAt(0).toUpperCase() + words.what.slice(1)
  return { ...words, what: /[.!?]$/.test(what) ? what : `${what}.` }
}
