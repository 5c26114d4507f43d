// Begins to make a sandbox and never gets through with it: its first host is furnished, its second one hangs.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setInterval } from 'node:timers/promises'
import { openSandbox } from '../../../../lib/sandbox/sandbox.ts'
import { programOptions } from './program-options.ts'

const [root] = process.argv.slice(2) as [string]
const options = programOptions({
  async furnish(host) {
    writeFileSync(join(host.root, 'half-done'), '')
    if (host.name !== 'slave-1') return
    console.log('half-way')
    for await (const _ of setInterval(60_000));
  },
})
await openSandbox({ root, options, looking: false })
