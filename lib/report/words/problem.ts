import type { ClusterFileIssue, Problem } from '../../model/problem.ts'
import { unreachable } from '../../model/unreachable.ts'
import type { Explained } from './explained.ts'
import { inCode, inList } from './list.ts'

/** What the user or a task's author wrote wrong, as sentences. */
export function problemInWords(problem: Problem): Explained {
  switch (problem.kind) {
    case 'no-such-target':
      return {
        what: `There is no target \`${problem.name}\`.${didYouMean(problem.nearest)}`,
        next: known('Targets', problem.known),
      }
    case 'no-such-host':
      return { what: `There is no host \`${problem.name}\`.`, next: known('Hosts', problem.known) }
    case 'no-targets':
      return { what: 'No target was named. These are known:', detail: problem.known.join('\n') }
    case 'bad-task':
      return {
        what: `${problem.task ? `Task \`${problem.task}\`` : 'A task'}${inFile(problem.file)}: ${problem.field ? `\`${problem.field}\`` : 'it'} ${problem.problem}.`,
        next: problem.advice,
      }
    case 'bad-main':
      return {
        what: `\`main()\`: ${problem.field ? `\`${problem.field}\`` : 'it'} ${problem.problem}.`,
        next: problem.advice,
      }
    case 'duplicate-task':
      return {
        what: `Two tasks are named \`${problem.task}\`:`,
        detail: problem.files.join('\n'),
        next: 'Rename one of them.',
      }
    case 'cycle':
      return {
        what: `Tasks need each other in a circle: ${problem.tasks.join(' → ')}`,
        next: 'Remove one of these needs.',
      }
    case 'import-circle':
      return {
        what: `\`${problem.name}\` is used${problem.file ? ` in ${problem.file}` : ''} before it is defined: modules import each other in a circle.`,
        next: 'Let imports, and with them the needs of tasks, go one way only; what two modules share gets one of its own.',
      }
    case 'missing-input':
      return {
        what: `Task \`${problem.task}\`${inFile(problem.file)}: its input \`${problem.path}\` does not exist.`,
        next: 'Paths start at the root of the workspace. If the file may be absent, write a glob.',
      }
    case 'undeclared-need':
      return {
        what: `Task \`${problem.task}\` reads \`${problem.path}\`, which \`${problem.maker}\` makes, but does not need that task.`,
        next: `Add \`${problem.maker}\` to the needs of \`${problem.task}\`.`,
      }
    case 'overlapping-outputs':
      return {
        what: `The outputs of \`${problem.tasks[0]}\` and \`${problem.tasks[1]}\` can overlap: \`${problem.patterns[0]}\`, \`${problem.patterns[1]}\`.`,
        next: 'Give each of them files, or a folder, of its own.',
      }
    case 'bad-cluster-file':
      return { what: `${problem.file} cannot be used:`, detail: problem.issues.map(issueInWords).join('\n') }
    case 'no-cluster':
      return { what: problem.detail, next: problem.advice }
    case 'bad-option':
      return {
        what: `\`${problem.option}\` ${problem.problem}.${didYouMean(problem.nearest ? [problem.nearest] : [])}`,
      }
    case 'no-such-command':
      return problem.isTarget
        ? { what: `\`${problem.name}\` is a target, not a command. To run it: \`run ${problem.name}\`` }
        : {
            what: `There is no command \`${problem.name}\`.${didYouMean(problem.nearest)}`,
            next: known('Commands', problem.known),
          }
    case 'no-command':
      return { what: 'No command was given.', next: known('Commands', problem.known) }
    case 'too-many-arguments':
      return {
        what: `\`${problem.command}\` does not know what to do with ${inCode(problem.extra)}.`,
        next: `\`${problem.command} --help\` shows what it takes.`,
      }
    case 'file-exists':
      return { what: `${problem.file} exists already and is left as it is.`, next: problem.advice }
    case 'no-sandbox':
      return {
        what: 'This workspace has no sandbox.',
        next: 'Give `sandbox` to `main()` in tasks/index.ts, or name a cluster with `--cluster`.',
      }
    case 'locked':
      return {
        what: `Another run is at work here: process ${problem.pid} (${problem.command}), since ${problem.since}.`,
        next: 'Wait for its end, or add `--wait` to start when it has ended.',
      }
    case 'unusable-ssh':
      return {
        what: `The SSH settings of host \`${problem.host}\` cannot be used: ${problem.problem}.`,
        next: problem.advice,
      }
    default:
      return unreachable(problem)
  }
}

function issueInWords({ line, path, problem, nearest }: ClusterFileIssue): string {
  const place = [line && `line ${line}`, path && `\`${path}\``].filter(Boolean).join(', ')
  return `${place ? `${place}: ` : ''}${problem}${nearest ? `. Did you mean \`${nearest}\`?` : ''}`
}

function didYouMean(names: string[]): string {
  return names.length === 0 ? '' : ` Did you mean ${names.map((name) => `\`${name}\``).join(' or ')}?`
}

function known(what: string, names: string[]): string {
  return names.length === 0 ? `${what}: none.` : `${what}: ${inList(names, 40)}.`
}

function inFile(file: string): string {
  return file ? ` (${file})` : ''
}
