import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder, usualPath } from '../rig/host-folder.ts'

let host: HostFolder
beforeEach(() => (host = new HostFolder()) && undefined)
afterEach(() => host.remove())

const content = JSON.stringify([{ name: "it's", zk: '10.0.0.1' }], null, 2)

it('writes clusters.json as it is given, readable for all', async () => {
  const ran = await host.run('aurora_install_clustersjson.sh', { env: { CLUSTERS_JSON: content } })
  expect(ran).toMatchObject({ exitCode: 0, changes: ['/etc/aurora/clusters.json written'] })
  expect(host.read('/etc/aurora/clusters.json')).toBe(`${content}\n`)
  expect(host.mode('/etc/aurora/clusters.json')).toBe(0o644)
})

it('has nothing to change the second time', async () => {
  await host.run('aurora_install_clustersjson.sh', { env: { CLUSTERS_JSON: content } })
  const again = await host.run('aurora_install_clustersjson.sh', { env: { CLUSTERS_JSON: content } })
  expect(again.changes).toEqual(['nothing to change'])
})

it('replaces what somebody wrote there', async () => {
  host.write('/etc/aurora/clusters.json', '[]\n')
  await host.run('aurora_install_clustersjson.sh', { env: { CLUSTERS_JSON: content } })
  expect(host.read('/etc/aurora/clusters.json')).toBe(`${content}\n`)
})

it('is not disturbed by another that writes the same at the same time', async () => {
  // Before the first goes on, a second one comes from its beginning to its end.
  const other = `env PATH='${usualPath.join(':')}' bash ./aurora_install_clustersjson.sh`
  host.write('/programs/chmod', `#!/bin/sh\n${other} && exec /bin/chmod "$@"\n`, 0o755)
  const ran = await host.run('aurora_install_clustersjson.sh', {
    env: { CLUSTERS_JSON: content },
    path: [host.path('/programs'), ...usualPath],
  })
  expect(ran.exitCode, ran.output).toBe(0)
  expect(readdirSync(host.path('/etc/aurora'))).toEqual(['clusters.json'])
})

it('names the variable that is missing', async () => {
  const ran = await host.run('aurora_install_clustersjson.sh')
  expect(ran.exitCode).not.toBe(0)
  expect(ran.output).toContain('CLUSTERS_JSON: content of clusters.json')
})
