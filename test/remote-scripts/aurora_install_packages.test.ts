import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder } from '../rig/host-folder.ts'

let host: HostFolder
beforeEach(() => (host = new HostFolder()) && undefined)
afterEach(() => host.remove())

it('installs what is missing, and only that', async () => {
  await host.run('aurora_install_packages.sh', { args: ['zip', 'unzip'] })
  const ran = await host.run('aurora_install_packages.sh', { args: ['zip', 'bison', 'unzip', 'flex'] })
  expect(ran).toMatchObject({ exitCode: 0, changes: ['packages installed: bison flex'] })
})

it('does not ask apt when all is there', async () => {
  await host.run('aurora_install_packages.sh', { args: ['zip'] })
  const again = await host.run('aurora_install_packages.sh', { args: ['zip'] })
  expect(again.output).toBe('nothing to change\n')
})

it('fails when a package cannot be installed', async () => {
  const ran = await host.run('aurora_install_packages.sh', { args: ['No_Such_Package'] })
  expect(ran.exitCode).not.toBe(0)
  expect(ran.changes).toEqual([])
})
