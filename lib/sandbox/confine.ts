import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'

/** What a path of the host would reach lies outside of the host's root folder. */
export class OutsideRoot extends Error {
  readonly code = 'EACCES'
}

/** Turns a path that a client names into one that is safe to use: absolute, and not outside of the root by any link. */
export type Confine = (path: string, last: 'follow' | 'keep') => string

/**
 * @param root absolute path of the host's root folder, which exists; relative paths start there
 * @returns `follow` for what opens or asks through a link, `keep` for what treats the link itself (or makes the name).
 * Throws `OutsideRoot`, or the system's error for a parent that does not exist.
 */
export function confineTo(root: string): Confine {
  const realRoot = realpathSync(root)
  const isWithin = (real: string) => real === realRoot || real.startsWith(realRoot + sep)
  const checked = (real: string, path: string) => {
    if (!isWithin(real)) throw new OutsideRoot(`${path} is outside of this host`)
    return real
  }
  return (path, last) => {
    const absolute = resolve(root, path)
    if (absolute === resolve(root)) return realRoot
    const parent = checked(realpathSync(dirname(absolute)), path)
    const place = join(parent, basename(absolute))
    if (last === 'keep' || !isThere(place)) return place
    // Throws for a link that leads nowhere: what would be made through it could be anywhere.
    return checked(realpathSync(place), path)
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
