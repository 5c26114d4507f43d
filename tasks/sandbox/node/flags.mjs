// Flags as Mesos has them: `--name=value`, `--name`, `--no-name`, or a variable `MESOS_name` in upper case.

/** `known`: name → default (undefined: none). Ends the process on an unknown flag or a missing required one. */
export function readFlags(program, known, required = []) {
  const flags = { ...known }
  for (const name of Object.keys(known)) {
    const value = process.env[`MESOS_${name.toUpperCase()}`]
    if (value !== undefined) flags[name] = value
  }
  for (const arg of process.argv.slice(2)) {
    const [, no, name, value] = /^--(no-)?([a-z_]+)(?:=(.*))?$/.exec(arg) ?? []
    if (name === 'help') usage(program, known, 0)
    if (!name || !(name in known)) usage(program, known, 1, `Failed to load unknown flag '${name ?? arg}'`)
    flags[name] = value ?? String(!no)
  }
  const missing = required.find((name) => flags[name] === undefined)
  if (missing) usage(program, known, 1, `Missing flag: --${missing}`)
  return flags
}

function usage(program, known, status, problem) {
  if (problem) console.error(problem)
  const names = Object.keys(known).map((name) => `  --${name}=VALUE`)
  console.error([`Usage: ${program} [...]  (the miniature Mesos of a sandbox)`, ...names].join('\n'))
  process.exit(status)
}
