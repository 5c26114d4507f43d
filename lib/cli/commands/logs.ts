import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type CacheLayout, cacheLayout } from '../../cache/layout.ts'
import { Records } from '../../cache/records.ts'
import { command } from '../command.ts'
import { followFiles } from '../follow-files.ts'
import { flag } from '../option.ts'
import { complain, flushed, print } from '../output.ts'
import { untilSignal } from '../signals.ts'
import { requested, taskName } from '../targets.ts'

export const logs = command({
  name: 'logs',
  summary: 'Print the last log of each instance of a target',
  argument: 'TARGET…',
  options: { follow: flag('go on printing what is added, until interrupted') },
  async run({ root, graph }, { follow }, targets) {
    requested(graph, targets)
    const layout = cacheLayout(root)
    const paths = () => ofTargets(layout.logs, '.log', targets).map((name) => join(layout.logs, name))
    const show = shower(paths().length > 1)
    if (follow) return untilSignal((signal) => followFiles(paths, show, signal).then(() => 0))
    if (paths().length > 0) {
      await followFiles(paths, show)
      return 0
    }
    const known = ofTargets(layout.records, '', targets)
    if (known.some((instance) => printedNothing(layout, instance))) {
      complain(`${targets.join(' and ')} printed nothing.\n`)
      return 0
    }
    complain(noLog(targets, known.length > 0))
    return 1
  },
})

/** Names of files in a folder. `distribute` means all its instances, `distribute@slave-2` only that one. */
function ofTargets(folder: string, extension: string, targets: string[]): string[] {
  const isOf = (instance: string) => targets.includes(instance) || targets.includes(taskName(instance))
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => name.endsWith(extension) && isOf(basename(name, extension))).sort()
}

function printedNothing(layout: CacheLayout, instance: string): boolean {
  const record = new Records(layout, () => {}).latest(instance)
  return record !== undefined && record.log === undefined
}

function noLog(targets: string[], isRecorded: boolean): string {
  const none = `There is no log of ${targets.join(' or ')}`
  if (isRecorded)
    return `${none} any more: it was removed from the cache. \`run ${targets.join(' ')} --rebuild ${targets.map(taskName).join(',')}\` makes a new one.\n`
  return `${none}: it has not run here, or so long ago that the cache no longer knows of it.\n`
}

/** Prints parts of files, with a title wherever another file begins when they are several. */
function shower(several: boolean) {
  let last: string | undefined
  return async (path: string, added: Buffer): Promise<void> => {
    if (path !== last && (several || last)) print(`${last ? '\n' : ''}==> ${basename(path, '.log')} <==\n`)
    last = path
    print(added)
    await flushed()
  }
}
