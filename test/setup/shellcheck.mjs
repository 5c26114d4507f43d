/** `npm run shell`: shellcheck over every shell script of the repository, whatever its name. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const roots = ['remote-scripts', 'tasks', 'test', '.ci']
const scripts = roots
  .flatMap((root) => readdirSync(root, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter(isShellScript)
const { status, error } = spawnSync(
  'shellcheck',
  ['--external-sources', '--source-path=SCRIPTDIR', ...scripts],
  {
    stdio: 'inherit',
  },
)
if (error) console.error(`shellcheck could not be started: ${error.message}`)
process.exitCode = status ?? 1

function isShellScript(path) {
  return path.endsWith('.sh') || /^#!.*\b(bash|sh)\s*$/m.test(readFileSync(path, 'latin1').split('\n', 1)[0])
}
