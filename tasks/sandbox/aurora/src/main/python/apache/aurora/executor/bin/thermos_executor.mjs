// The miniature executor: starts as far as the real one does outside Mesos. Its runner must lie within it.
import { readOptions } from '../../../common/options.mjs'
import { requireSlave } from './slave.mjs'

export function main(args, python) {
  python.import('mesos.interface')
  python.import('mesos.native')
  python.import('apache.aurora.executor.resources')
  const runner = python.resource('apache/aurora/executor/resources/thermos_runner.pex')
  if (!runner?.length)
    throw python.error('IOError', 'apache/aurora/executor/resources/thermos_runner.pex is not there')
  readOptions('thermos_executor', args, {
    'announcer-enable': false,
    'announcer-ensemble': undefined,
    'announcer-serverset-path': '/aurora',
    'execute-as-user': undefined,
    'checkpoint-root': '/var/run/thermos',
    nosetuid: false,
  })
  requireSlave()
}
