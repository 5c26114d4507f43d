// The miniature admin client: says its version, and which scheduler leads.
import { readClusters } from '../common/clusters.mjs'
import { findLeader } from '../common/leader.mjs'

export async function main([command, ...args], python) {
  if (command === '--version') {
    console.log(python.resource('apache/aurora/client/cli/.auroraversion').toString().trim())
    console.error('(the admin client of a sandbox: a miniature)')
  } else if (command === 'get_scheduler') await getScheduler(args[0])
  else fail('usage: aurora_admin --version | get_scheduler CLUSTER')
}

async function getScheduler(name) {
  try {
    const cluster = readClusters().get(name)
    if (!cluster) return fail(`Unknown cluster: ${name}`)
    const leader = await findLeader(cluster)
    if (!leader) return fail(`No schedulers detected in ${name}!`)
    console.log(`Found leading scheduler at: ${leader}`)
  } catch (error) {
    fail(error.cause ? `${error.message}: ${error.cause.message}` : error.message)
  }
}

function fail(text) {
  console.error(`${text} (the miniature admin client of a sandbox)`)
  process.exitCode = 1
}
