import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('loads no SSH library until a host is asked for', () => {
  const fleet = fileURLToPath(new URL('../../../lib/hosts/fleet.ts', import.meta.url))
  const program = `
    import { createRequire } from 'node:module'
    const { openFleet } = await import(${JSON.stringify(fleet)})
    const fleet = openFleet({ name: 'x', hosts: {}, ssh: {}, config: {} })
    await fleet.close()
    const loaded = Object.keys(createRequire(${JSON.stringify(fleet)}).cache)
    console.log(loaded.filter((path) => /node_modules.(ssh2|asn1)/.test(path)).length)
    await fleet.session({ name: 'a', role: 'b', address: '127.0.0.1', port: 1, root: '' }).catch(() => {})
    console.log(Object.keys(createRequire(${JSON.stringify(fleet)}).cache).filter((path) => /node_modules.ssh2/.test(path)).length > 0)
  `
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
  expect(output).toBe('0\ntrue\n')
})
