import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { refuse } from '../model/failure.ts'
import { startTimeOf } from './processes.ts'

/** Longer than making and starting a sandbox ever takes. */
const patienceMs = 120_000

/**
 * Runs `work` while no other process makes, starts or ends the sandbox. Waits for another's turn to be over; the lock of a
 * process that is gone is taken over at once.
 *
 * @param path of the lock; its folder is made when it is missing
 */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs
  while (!(await tryToTake(path))) {
    const holder = readLock(path)
    if (holder !== undefined && !(await isHeld(holder))) removeStale(path, holder)
    else if (Date.now() < deadline) await pause(20)
    else
      refuse(
        `another process is making, starting or ending the sandbox since more than ${patienceMs / 1000} s`,
        `Wait for it, or end it: ${path} begins with its number.`,
      )
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** The content is there at the very moment the name is: a lock is never seen half-written. */
async function tryToTake(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(own, `${process.pid} ${await startTimeOf(process.pid)}\n`)
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own, { force: true })
  }
}

async function isHeld(holder: string): Promise<boolean> {
  const [pid, ...started] = holder.trim().split(' ')
  return (await startTimeOf(Number(pid))) === started.join(' ')
}

/** Of two that find a stale lock, the slower one may carry off the faster one's new lock: it is put back. */
function removeStale(path: string, holder: string): void {
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
    if (readLock(aside) !== holder) linkSync(aside, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
