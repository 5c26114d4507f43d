/** Loads the compiled engine together with the machine code that V8 made of it before, where that is still of use. */
import fs = require('node:fs')
import module = require('node:module')
import path = require('node:path')
import vm = require('node:vm')

const filename = path.join(__dirname, 'engine.cjs')
const cachedData = codeOf(path.join(__dirname, 'engine.code'))
const script = new vm.Script(module.wrap(fs.readFileSync(filename, 'utf8')), {
  filename,
  ...(cachedData && { cachedData }),
})
const engine = new module(filename)
engine.filename = filename
// So that tasks, which import it by its path, get this very one.
require.cache[filename] = engine
script.runInThisContext()(engine.exports, module.createRequire(filename), engine, filename, __dirname)
engine.loaded = true

function codeOf(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

export = { script, start: engine.exports.start as (args: string[]) => Promise<void> }
