import { expect, it } from 'vitest'
import { parseHostAddress } from '../../../lib/hosts/cluster/host-address.ts'

it.each([
  ['10.0.0.1', { address: '10.0.0.1' }],
  ['master.example', { address: 'master.example' }],
  ['jclouds@master', { address: 'master', user: 'jclouds' }],
  ['jclouds@master:2222', { address: 'master', user: 'jclouds', port: 2222 }],
  ['[2001:db8::1]:2222', { address: '2001:db8::1', port: 2222 }],
  ['[2001:db8::1]', { address: '2001:db8::1' }],
  ['2001:db8::1', { address: '2001:db8::1' }],
  ['root@::1', { address: '::1', user: 'root' }],
  ['fe80::1%eth0', { address: 'fe80::1%eth0' }],
])('reads %s', (text, address) => {
  expect(parseHostAddress(text)).toEqual(address)
})

it.each([
  '',
  '-oProxyCommand=evil',
  'a b',
  'host:',
  'host:0',
  'host:99999',
  'host:ssh',
  '@host',
  '-l@host',
  'a;b',
  '$(id)',
])('does not take %j for a host', (text) => {
  expect(parseHostAddress(text)).toBeUndefined()
})
