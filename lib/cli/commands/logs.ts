import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cacheLayout } from '../../cache/layout.ts'
import { command } from '../command.ts'
import { followFiles } from '../follow-files.ts'
import { flag } from '../option.ts'
import { complain, print } from '../output.ts'
import { untilSignal } from '../signals.ts'
import { requested, taskName } from '../targets.ts'

export const logs = command({
  name: 'logs',
  summary: 'Print the last log of each instance of a target',
  argument: 'TARGET…',
  options: { follow: flag('go on printing what is added, until interrupted') },
  async run({ root, graph }, { follow }, targets) {
    requested(graph, targets)
    const { logs: folder } = cacheLayout(root)
    const paths = () => logsOf(folder, targets).map((name) => join(folder, name))
    const show = shower(paths().length > 1)
    if (follow) return untilSignal((signal) => followFiles(paths, show, signal).then(() => 0))
    if (paths().length > 0) {
      await followFiles(paths, show)
      return 0
    }
    complain(`There is no log of ${targets.join(' or ')}: it has not run here.\n`)
    return 1
  },
})

/** `distribute` names the logs of all its instances, `distribute@slave-2` only that one. */
function logsOf(folder: string, targets: string[]): string[] {
  const isOf = (instance: string) => targets.includes(instance) || targets.includes(taskName(instance))
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => name.endsWith('.log') && isOf(basename(name, '.log'))).sort()
}

/** Prints parts of files, with a title wherever another file begins when they are several. */
function shower(several: boolean) {
  let last: string | undefined
  return (path: string, added: Buffer): void => {
    if (path !== last && (several || last)) print(`${last ? '\n' : ''}==> ${basename(path, '.log')} <==\n`)
    last = path
    print(added)
  }
}
