/** Looks at every input, whose paths are known. */
import { lstatSync, readFileSync } from 'node:fs'

const paths = readFileSync('inputs.list', 'utf8').split('\0')
for (const path of paths) lstatSync(path)
console.log(`${paths.length} files`)
