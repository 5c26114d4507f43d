// The miniature's pants: `goals` and `binary TARGET`. What it cannot do it refuses, as it refuses what the real one would.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readBinary } from './build-file.mjs'
import { fail } from './fail.mjs'
import { pexOf } from './pex.mjs'
import { requireThrift } from './thrift.mjs'

const goals = { binary, goals: listGoals }

function main([goal, ...args]) {
  const root = buildRoot(process.cwd())
  if (!goal) return listGoals()
  if (!(goal in goals)) fail(`Unknown goal: ${goal}`)
  goals[goal](args, root)
}

function listGoals() {
  console.log(
    "Installed goals (of the sandbox's miniature pants):\n  binary: Create a runnable binary.\n  goals: List the goals.",
  )
}

function binary(targets, root) {
  if (targets.length === 0) fail('binary: no target given')
  const names = targets.map((target) => target.split(':')[1])
  if (new Set(names).size < names.length)
    fail(`targets of the same name cannot be built in one call: ${targets.join(' ')}`)
  requireThrift(root)
  for (const target of targets) {
    const { name, ...described } = readBinary(root, target)
    const pex = join(root, 'dist', `${name}.pex`)
    mkdirSync(dirname(pex), { recursive: true })
    writeFileSync(pex, pexOf(root, name, described))
    chmodSync(pex, 0o755)
    console.log(`created pex dist/${name}.pex (the sandbox's miniature)`)
  }
}

/** The nearest folder above with a pants.ini, unless PANTS_BUILD_ROOT says it. */
function buildRoot(folder) {
  if (process.env.PANTS_BUILD_ROOT) return process.env.PANTS_BUILD_ROOT
  if (existsSync(join(folder, 'pants.ini'))) return folder
  if (dirname(folder) === folder) fail('Could not find pants.ini!')
  return buildRoot(dirname(folder))
}

main(process.argv.slice(2))
