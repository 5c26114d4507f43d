// The miniature garbage collector of finished tasks: starts as far as the real one does outside Mesos.
import { readOptions } from '../../../common/options.mjs'
import { requireSlave } from './slave.mjs'

export function main(args, python) {
  python.import('mesos.interface')
  python.import('mesos.native')
  readOptions('gc_executor', args, { 'checkpoint-root': '/var/run/thermos' })
  if (requireSlave()) console.error('The miniature leaves no garbage.')
}
