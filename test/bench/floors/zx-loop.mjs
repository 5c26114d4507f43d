/** Runs every command of the workload by zx, so many at a time, in order and with no regard to what needs what. */
import { readFileSync } from 'node:fs'
import pLimit from 'p-limit'
import { $ } from 'zx/core'

const commands = JSON.parse(readFileSync('commands.json', 'utf8'))
const limit = pLimit(Number(process.argv[2]))
await Promise.all(commands.map((command) => limit(() => $([command]))))
console.log(`${commands.length} commands`)
