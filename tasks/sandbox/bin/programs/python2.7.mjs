#!/usr/bin/env node
// The sandbox's python2.7. It knows four things, and refuses all others: its version, `setup.py bdist_egg`,
// `-c` with imports, and the pexes of the miniature releases.
import { existsSync, statSync } from 'node:fs'
import { buildEgg } from './python/build-egg.mjs'
import { Refused } from './python/errors.mjs'
import { runPex } from './python/run-pex.mjs'
import { runStatements } from './python/run-statements.mjs'

async function main([first, ...rest]) {
  if (first === '-V' || first === '--version') console.error("Python 2.7.18 (the sandbox's stand-in)")
  else if (first === '-c') runStatements(rest[0] ?? '', rest)
  else if (first === 'setup.py') buildEgg(rest)
  else if (first && existsSync(first) && statSync(first).isFile()) await runPex(first, rest)
  else throw new Refused(`cannot do: python2.7 ${[first, ...rest].join(' ')}`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!error.python) throw error
  console.error(error.message)
  process.exitCode = error.status
}
