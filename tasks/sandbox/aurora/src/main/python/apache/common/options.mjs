// `--name=value`, `--name value` and `--name`, as Python's optparse takes them.

/** `known`: option → its default, or `false` for one without a value. Unknown ones end the program with status 2. */
export function readOptions(program, args, known) {
  const options = { ...known }
  const words = []
  for (let i = 0; i < args.length; i++) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/.exec(args[i]) ?? []
    if (name === 'help' || args[i] === '-h') usage(program, known, 0)
    else if (!args[i].startsWith('-')) words.push(args[i])
    else if (!(name in known)) usage(program, known, 2, `no such option: ${args[i]}`)
    else if (known[name] === false) options[name] = true
    else if ((options[name] = value ?? args[++i]) === undefined)
      usage(program, known, 2, `--${name} requires an argument`)
  }
  return { options, words }
}

function usage(program, known, status, problem) {
  const lines = Object.entries(known).map(([name, value]) => `  --${name}${value === false ? '' : '=VALUE'}`)
  const text = [`Usage: ${program} [options]  (the miniature Aurora of a sandbox)`, ...lines]
  if (problem) console.error([...text, '', `${program}: error: ${problem}`].join('\n'))
  else console.log(text.join('\n'))
  process.exit(status)
}
