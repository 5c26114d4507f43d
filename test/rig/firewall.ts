import { execFileSync, spawnSync } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { isRoot } from './small-disk.ts'

export const hasFirewall = isRoot && spawnSync('iptables', ['-n', '-L', 'INPUT']).status === 0

/** Cuts off a port of this machine until it is called back or the test ends: with REJECT whoever calls is told, with DROP not. */
export function cutOff(port: number, how: 'DROP' | 'REJECT'): () => void {
  const rule = (side: string, ...fate: string[]) => [
    'INPUT',
    '-i',
    'lo',
    '-p',
    'tcp',
    side,
    `${port}`,
    '-j',
    ...fate,
  ]
  const rules =
    how === 'DROP'
      ? [rule('--dport', 'DROP'), rule('--sport', 'DROP')]
      : [rule('--dport', 'REJECT', '--reject-with', 'tcp-reset')]
  const change = (action: string) => {
    for (const rule of rules) execFileSync('iptables', ['-w', action, ...rule])
  }
  let isCut = true
  const mend = () => {
    if (isCut) change('-D')
    isCut = false
  }
  change('-I')
  onTestFinished(mend)
  return mend
}
