import { afterEach, beforeEach, expect, test } from 'vitest'
import { standIns } from '../../../tasks/sandbox/stand-ins.ts'
import { type Box, expectDone, expectRefused, openBox } from './box.ts'

let box: Box
beforeEach(() => (box = openBox()))
afterEach(() => box.close())

const mesosLog = `${standIns}/../node/mesos-log`

test('a log is initialised once', () => {
  expectDone(box.run(`${mesosLog} initialize --path=db --timeout=5secs`))
  expectRefused(box.run(`${mesosLog} initialize --path=db`), 1, /^The log is not empty$/m)
})

test('the folder above must be there', () => {
  expectRefused(box.run(`${mesosLog} initialize --path=a/b`), 1, /mkdir/)
})

test('a log that a scheduler holds is not touched', () => {
  // Any process will do whose command line names the scheduler's class.
  const holder = box.start(['node', '-e', 'setInterval(() => {}, 1000)', 'SchedulerMain'])
  box.write('db/LOCK', String(holder.child.pid))
  expectRefused(box.run(`${mesosLog} initialize --path=db`), 134, /LOCK: Resource temporarily unavailable/)
})

test('what a dead scheduler left behind holds nothing', () => {
  box.write('db/LOCK', box.run('echo $$').stdout)
  expectDone(box.run(`${mesosLog} initialize --path=db`))
  expect(box.read('db/CURRENT')).toBe('VOTING\n')
})

test('anything else is answered with the usage', () => {
  for (const args of ['', 'read --path=db', 'initialize', 'initialize --path=db --frobnicate'])
    expectRefused(box.run(`${mesosLog} ${args}`), 1, /Usage: mesos-log initialize/)
})
