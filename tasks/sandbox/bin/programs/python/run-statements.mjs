// `python2.7 -c`: imports, additions to sys.path, and printing what they found; one statement after the other.
import { Refused } from './errors.mjs'
import { importer } from './importer.mjs'
import { platform } from './platform.mjs'

/** `argv` is what follows `-c`, as sys.argv would be but for its first. */
export function runStatements(code, argv) {
  const places = (process.env.PYTHONPATH ?? '').split(':').filter((place) => place !== '')
  const importModule = importer(places)
  for (const statement of code.split(/[;\n]/).map((text) => text.trim())) run(statement)

  function run(statement) {
    let match
    if (statement === '' || statement.startsWith('#')) return
    if ((match = /^import (.+)$/.exec(statement))) {
      for (const name of match[1].split(',')) importModule(name.trim().replace(/ as \w+$/, ''))
    } else if ((match = /^from ([\w.]+) import (.+)$/.exec(statement))) {
      importModule(match[1])
    } else if ((match = /^sys\.path\.(?:append\(|insert\(0,)\s*(.+)\)$/.exec(statement))) {
      places.unshift(string(match[1]))
    } else if (/^sys\.path(\[:?0:0?\]|\[:0\]) = sys\.argv\[1:\]$/.test(statement)) {
      places.unshift(...argv.slice(1))
    } else if ((match = /^print\s*\(?(.+?)\)?$/.exec(statement))) {
      console.log(
        match[1]
          .split(',')
          .map((expression) => string(expression.trim()))
          .join(' '),
      )
    } else throw new Refused(`cannot run: ${statement}`)
  }

  function string(expression) {
    let match
    if ((match = /^(['"])(.*)\1$/.exec(expression))) return match[2]
    if ((match = /^sys\.argv\[(\d+)\]$/.exec(expression))) return argv[Number(match[1])] ?? ''
    if (/^(distutils\.util\.)?get_platform\($/.test(expression.replace(/\)$/, ''))) return platform
    if ((match = /^([\w.]+)\.__file__$/.exec(expression))) return importModule(match[1])
    throw new Refused(`cannot evaluate: ${expression}`)
  }
}
