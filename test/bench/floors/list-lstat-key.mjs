/** Lists the inputs, looks at each, and makes a key of each task: what no content-hashing tool in Node can do without. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'

let files = 0
const keys = []
for (const task of readdirSync('in')) {
  const key = createHash('sha256')
  for (const name of readdirSync(`in/${task}`).sort()) {
    const path = `in/${task}/${name}`
    const { size, mtimeMs, ctimeMs, ino } = lstatSync(path)
    key.update(`${path} ${size} ${mtimeMs} ${ctimeMs} ${ino}\n`)
    files++
  }
  keys.push(key.digest('hex'))
}
console.log(`${files} files, ${keys.length} tasks`)
