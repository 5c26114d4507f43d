// Opens a sandbox, tells its ports, and ends without closing anything: if it can.
import { openSandbox } from '../../../../lib/sandbox/sandbox.ts'
import { programOptions } from './program-options.ts'

const [root, stay] = process.argv.slice(2) as [string, string | undefined]
const { cluster } = await openSandbox({ root, options: programOptions(), looking: false })
const ports = Object.values(cluster.hosts).flatMap((hosts) => hosts.map(({ port }) => port))
console.log(JSON.stringify({ ports }))
if (stay) setInterval(() => {}, 60_000)
