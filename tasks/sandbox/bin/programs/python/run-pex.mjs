// Runs a pex of the miniature Aurora: its `__main__.mjs`, which exports `main(args, python)`. `python` is what an
// interpreter is to a program: it imports what lies in the pex, and gives its files.
import { readFileSync } from 'node:fs'
import { readZip } from '../zip-file.mjs'
import { importFrom } from '../zip-modules.mjs'
import { PythonError, Refused } from './errors.mjs'
import { importer } from './importer.mjs'

export async function runPex(path, args) {
  const entries = entriesOf(path)
  if (!entries?.has('__main__.mjs')) throw new Refused(`${path} is no pex of a miniature release`)
  const importModule = importer([entries, ...eggsIn(entries)])
  const program = await importFrom(entries, '__main__.mjs')
  await program.main(args, {
    import: importModule,
    resource: (name) => entries.get(name),
    error: (type, text) => new PythonError(type, text),
  })
}

function entriesOf(path) {
  try {
    return readZip(readFileSync(path)).entries
  } catch {
    return undefined
  }
}

/** Distributions lie unpacked in `.deps/<egg>/`: each is a place of its own. */
function eggsIn(entries) {
  const eggs = new Map()
  for (const [name, bytes] of entries) {
    const [, egg, file] = /^\.deps\/([^/]+)\/(.+)$/.exec(name) ?? []
    if (egg) eggs.set(egg, (eggs.get(egg) ?? new Map()).set(file, bytes))
  }
  return [...eggs.values()]
}
