/** Sends out a scout, a thread that looks at the workspace's files while all else is loaded. */
import path = require('node:path')
import threads = require('node:worker_threads')

function sendScout(): { port: import('node:worker_threads').MessagePort; began: number } {
  const began = Date.now()
  const { port1, port2 } = new threads.MessageChannel()
  new threads.Worker(path.join(__dirname, 'scout.cjs'), {
    workerData: { cwd: process.cwd(), port: port2 },
    transferList: [port2],
    env: threads.SHARE_ENV,
    execArgv: [],
  }).unref()
  return { port: port1, began }
}

export = process.argv.includes('run') ? sendScout() : undefined
