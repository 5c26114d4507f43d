import { started } from '../../tools/engine.ts'
import type { Contender } from './contender.ts'

const target = '/srv/engine'

export const engine: Contender = {
  name: 'engine',
  comesFrom: { checkout: true },
  target,
  files: ({ hosts }) => ({
    'package.json': '{ "type": "module" }\n',
    'cluster.yml': `name: bench\nhosts:\n  master: master\n  slaves: [${hosts.join(', ')}]\n`,
    'tasks/index.ts': tasks,
  }),
  deploy: ({ forks }) => [...started, 'run', 'deploy', '--forks', `${forks}`],
  idle: ({ hosts }) => new RegExp(`^✓ Nothing to do: ${hosts.length} up to date`, 'm'),
}

/** The same, where one host gives out the files to the others. */
export const engineVia: Contender = {
  ...engine,
  name: 'engine-via',
  deploy: (job) => [...engine.deploy(job), '--via', job.giver],
}

const tasks = `import { readdirSync } from 'node:fs'
import { main, task } from '${new URL('../../../../lib/index.ts', import.meta.url).href}'

const payload = readdirSync('payload')

const deploy = task({
  module: import.meta.url,
  name: 'deploy',
  description: 'Put the payload on every slave',
  on: 'slaves',
  inputs: { files: ['payload'] },
  outputs: { files: payload.map((name) => \`${target}/\${name}\`) },
  run: ({ host }) => host.upload(payload.map((name) => \`payload/\${name}\`), '${target}'),
})

await main({ tasks: [deploy], roles: { master: 'one', slaves: 'many' } })
`
