import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { explainEnding } from '../../../../lib/cli/ending.ts'
import { openFleet } from '../../../../lib/hosts/fleet.ts'
import { task } from '../../../../lib/model/define-task.ts'
import { buildGraph } from '../../../../lib/model/graph.ts'
import { runTargets } from '../../../../lib/run/run.ts'

/** An operator who deploys to one host: begins, waits for a file `go`, and then does all that can be done there. */
const { root, cluster } = JSON.parse(process.argv[2]!)

const deploy = task({
  module: join(root, 'tasks/code.ts'),
  name: 'deploy',
  description: 'Deploy',
  on: 'hosts',
  inputs: { files: ['remote-scripts/deploy.sh'] },
  async run({ host }) {
    const path = (name: string) => join(host.root, 'srv', name)
    await host.exec(['mkdir', '-p', path('')])
    writeFileSync(join(root, 'begun'), '')
    while (!existsSync(join(root, 'go'))) await pause(20)
    const steps = [
      host.exec(['touch', path('by-command')]),
      host.script('deploy.sh', { args: [path('by-script')] }),
      host.upload(['remote-scripts/deploy.sh'], '/srv'),
    ]
    await Promise.allSettled(steps)
    await Promise.all(steps)
  },
})

const workspace = {
  root,
  graph: buildGraph([deploy]),
  config: {},
  fleet: openFleet(cluster),
  lease: cluster.hosts.hosts[0],
  secrets: [],
  pools: {},
  cacheLimit: 1e9,
  loadedAt: Date.now() + 1,
}
const tell = (event: unknown) => appendFileSync(join(root, 'events'), `${JSON.stringify(event)}\n`)
process.exitCode = await runTargets(
  workspace,
  { targets: ['deploy'] },
  tell,
  new AbortController().signal,
).then((end) => end.exitCode, explainEnding)
process.exit()
