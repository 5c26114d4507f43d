/**
 * `npm test`: sets up what the tests need, then runs every check and every suite. Plain Node, so that it works
 * before anything is installed.
 *
 *     npm test                       all checks, all suites
 *     npm test -- test/lib/hosts     these suites only (any arguments of Vitest)
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startDockerDaemon } from './docker-daemon.mjs'
import { prepare } from './prerequisites.mjs'

/** Scripts of `package.json` that need no running program, each with the tool that it cannot do without. */
const checks = [
  { name: 'types' },
  { name: 'lint' },
  { name: 'layers' },
  { name: 'unused' },
  { name: 'shell', tool: 'shellcheck' },
]

const given = process.argv.slice(2)
process.chdir(fileURLToPath(new URL('../..', import.meta.url)))

const missing = prepare()
const lacks = (tool) => missing.some(({ without }) => without === tool)
for (const { suites, without, enable } of missing)
  console.log(`Skipped without ${without}: ${suites.join(', ')}. To enable: ${enable}`)
if (missing.length > 0 && process.env.CI) {
  console.error('CI is set, so nothing may be skipped: no test was run.')
  process.exit(1)
}

const failed = []
const daemon = lacks('dockerd') || lacks('root') ? undefined : await startDockerDaemon()
try {
  const wanted = given.length > 0 ? [] : checks.filter(({ tool }) => !lacks(tool))
  for (const { name } of wanted) await attempt(name, ['npm', 'run', '--silent', name], 'pipe')
  const excluded = missing.flatMap(({ suites }) => suites.flatMap((suite) => ['--exclude', suite]))
  await attempt('tests', ['node_modules/.bin/vitest', 'run', ...given, ...excluded], 'inherit')
} finally {
  await daemon?.stop()
}
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

/** Runs one check; what it says is shown as it goes (`inherit`), or only when it fails (`pipe`). */
async function attempt(name, command, output) {
  const began = performance.now()
  const { code, said } = await run(command, output)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  if (code !== 0) {
    failed.push(name)
    process.stdout.write(said)
  }
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
}

function run([program, ...args], output) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', output, output] })
    const said = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk))
    const forward = (signal) => child.kill(signal)
    process.on('SIGINT', forward).on('SIGTERM', forward)
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGINT', forward).off('SIGTERM', forward)
      resolve({ code, said: Buffer.concat(said) })
    })
  })
}
