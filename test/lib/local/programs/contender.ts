import { randomUUID } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { tryLock } from '../../../../lib/local/lock.ts'

/** Takes a lock many times, and mostly leaves it as one that died would. Fails when it is not alone. */
const [path, times] = process.argv.slice(2) as [string, string]

for (let turn = 0; turn < Number(times); ) {
  const attempt = tryLock(path, { command: 'contend', run: randomUUID() })
  if ('release' in attempt) {
    closeSync(openSync(`${path}-inside`, 'wx'))
    if (turn % 2 === 0) await pause(0)
    rmSync(`${path}-inside`)
    turn++
    if (turn % 8 === 0) attempt.release()
    else if (turn % 4 === 0) attempt.end()
    else leave(turn % 4 === 1 ? '' : `{ torn by ${process.pid} for the ${turn}. time`)
  } else await pause(0)
}

/** In one step, as a death is. */
function leave(content: string): void {
  writeFileSync(`${path}-left-by-${process.pid}`, content)
  renameSync(`${path}-left-by-${process.pid}`, path)
}
