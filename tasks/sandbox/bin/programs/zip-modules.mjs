// Runs a JavaScript module that lies in an archive, with the modules that it imports by relative path. Nothing is
// unpacked: each becomes a `data:` URL. So imports must not go in circles.
import { posix } from 'node:path'

const RELATIVE_IMPORT = /(from |import )'(\.[^']+)'/g

/** `entries`: name → bytes, as `readZip` gives them. */
export function importFrom(entries, name) {
  return import(moduleUrl(entries, name))
}

function moduleUrl(entries, name) {
  const bytes = entries.get(name)
  if (!bytes) throw new Error(`no module ${name} in the archive`)
  const text = bytes.toString().replace(RELATIVE_IMPORT, (_, keyword, path) => {
    return `${keyword}'${moduleUrl(entries, posix.join(posix.dirname(name), path))}'`
  })
  return `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
}
