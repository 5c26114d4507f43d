import { UsageError } from '../../model/problem.ts'
import type { RunOptions } from '../../run/options.ts'
import { beginSurvey, surveyBegun } from '../begin-survey.ts'
import { command } from '../command.ts'
import { dryRun } from '../dry-run.ts'
import { openWorkspace } from '../open-workspace.ts'
import { choice, count, flag, list, text } from '../option.ts'
import { reporterFor } from '../reporter-for.ts'
import { untilSignal } from '../signals.ts'
import { requested } from '../targets.ts'
import { isRound, tellWatcher } from '../watch/in-round.ts'
import { withoutFlood } from '../without-flood.ts'

export const run = command({
  name: 'run',
  summary: 'Run targets and what they need',
  argument: 'TARGET…',
  options: {
    'dry-run': flag('say what would run, and change nothing'),
    'no-cache': flag('run everything that is asked for, whatever still stands'),
    rebuild: list('NAME', 'run this task whatever still stands'),
    'keep-going': flag('after a failure, go on with all that does not depend on it'),
    jobs: count('local tasks at a time (default: as many as there are cores)'),
    forks: count('hosts at a time (default: 16)'),
    limit: list('HOST,…', 'leave out instances on other hosts'),
    via: text('HOST', 'let files come to the other hosts from this one (`none`: send them to each)'),
    only: flag('only the targets, not what they need'),
    verify: choice(['fast', 'full'], 'how results are compared: by size and times, or always by content'),
    wait: flag('wait for another run, here or on the cluster, to end'),
    watch: flag('run again whenever a declared input changes, until interrupted'),
  },
  async run(context, values, targets) {
    const tasks = requested(context.graph, targets)
    if (values.watch && !isRound) {
      refuseWithWatch({ ...values, 'ask-sudo-password': context.common['ask-sudo-password'] })
      const { watch } = await import('../watch/watch.ts')
      return watch(context)
    }
    const options: RunOptions = {
      targets,
      noCache: values['no-cache'],
      rebuild: values.rebuild,
      keepGoing: values['keep-going'],
      limit: values.limit,
      only: values.only,
      verify: values.verify,
      replay: context.common.verbose,
      // A change that a watcher has seen would be lost.
      wait: values.wait || isRound,
      ...(values.jobs && { jobs: values.jobs }),
      ...(values.forks && { forks: values.forks }),
    }
    const once = async (signal: AbortSignal) => {
      const { workspace, links, close } = await openWorkspace(context, tasks, {
        looking: values['dry-run'],
        via: values.via,
      })
      const reporter = reporterFor(context.common, links)
      const emit = withoutFlood(reporter.on.bind(reporter))
      try {
        if (isRound) await tellWatcher(context, workspace, options, signal)
        if (values['dry-run']) return await dryRun(workspace, options, emit, signal)
        const survey = surveyBegun(context.root, signal) ?? beginSurvey(context.root, signal)
        const { runTargets } = await import('../../run/run.ts')
        return (await runTargets({ ...workspace, ...(survey && { survey }) }, options, emit, signal)).exitCode
      } finally {
        await reporter.end()
        await close()
      }
    }
    return untilSignal(once, { silent: isRound })
  },
})

/** What would never come to rest, or never begin. */
function refuseWithWatch(
  values: Record<'dry-run' | 'no-cache' | 'ask-sudo-password', boolean> & { rebuild: string[] },
): void {
  const first = 'every change would rebuild what it does not touch. Run without `--watch` first'
  const reasons = {
    'dry-run': 'it would never run what has changed',
    'no-cache': first,
    rebuild: first,
    'ask-sudo-password':
      'every round would ask. Name a file with it as `ssh.sudoPasswordFile` in the cluster file',
  }
  for (const [option, reason] of Object.entries(reasons))
    if ([values[option as keyof typeof reasons]].flat().some(Boolean))
      throw new UsageError({
        kind: 'bad-option',
        option: '--watch',
        problem: `does not go with \`--${option}\`: ${reason}`,
      })
}
