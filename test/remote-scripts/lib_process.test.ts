import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostFolder, usualPath } from '../rig/host-folder.ts'

let host: HostFolder
beforeEach(() => {
  host = new HostFolder()
})
afterEach(() => host.remove())

it.each([
  ['asks nobody for a password', {}, '-n -u somebody-else true one'],
  ['gives the password, where there is one', { SUDO_ASKPASS: '/askpass' }, '-A -u somebody-else true one'],
])('what runs as another user %s', async (_, env, asked) => {
  host.write('/programs/sudo', '#!/bin/sh\necho "$*"\n', 0o755)
  const script = 'source ./lib.sh\nsource ./lib_process.sh\nas_user somebody-else true one\n'
  writeFileSync(join(host.scripts, 'as_another.sh'), script)
  const ran = await host.run('as_another.sh', { env, path: [host.path('/programs'), ...usualPath] })
  expect(ran.output).toBe(`${asked}\n`)
})

it('processes that do not end are never called ended', async () => {
  const script = `source ./lib.sh
    source ./lib_process.sh
    signal_group() { echo "$2"; }
    sleep() { :; }
    end_group "$(id -un)" "$(ps -o pgid= -p $$ | tr -d ' ')"
    echo ended`
  writeFileSync(join(host.scripts, 'end.sh'), script)
  const ran = await host.run('end.sh')
  expect(ran.exitCode).toBe(1)
  expect(ran.output).toMatch(
    /^TERM\nKILL\nThe processes of group \d+ do not end, not even by force, as \S+\.\n/,
  )
})
