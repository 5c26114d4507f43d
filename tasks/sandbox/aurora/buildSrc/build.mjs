// The Java half of the miniature Aurora: `node buildSrc/build.mjs GRADLE_VERSION TASK…`, as the sandbox's Gradle calls it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeZip } from '../build-support/zip-file.mjs'
import { missingArtefacts } from './artefacts.mjs'

const REQUIRED_GRADLE = '@GRADLE@'
const JAVA = 'src/main/java'
const tasks = { clean, '@INSTALL@': install }

function main([gradle, ...names]) {
  const version = readFileSync('.auroraversion', 'utf8').trim()
  if (gradle !== REQUIRED_GRADLE) fail(`This build requires Gradle ${REQUIRED_GRADLE}, not ${gradle}.`)
  if (names.length === 0) names.push('help')
  const unknown = names.find((name) => !(name in tasks))
  if (unknown)
    fail(`Task '${unknown}' not found in root project 'aurora'. There are: ${Object.keys(tasks).join(', ')}.`)
  const missing = missingArtefacts()
  if (missing) fail(missing)
  console.log(`Building the miniature Aurora ${version} of the sandbox`)
  for (const name of names) {
    console.log(`:${name}`)
    tasks[name](version.toUpperCase())
  }
  console.log('\nBUILD SUCCESSFUL')
}

function clean() {
  rmSync('dist', { recursive: true, force: true })
}

/** Leaves dist/install/aurora-scheduler/{bin/aurora-scheduler,lib/*.jar}; what else is in dist/ stays. */
function install(version) {
  requirePython()
  requireJdk7()
  run('build-support/thrift/thriftw', '0.9.1', '--gen', 'java:hashcode')
  const app = 'dist/install/aurora-scheduler'
  rmSync(app, { recursive: true, force: true })
  mkdirSync(join(app, 'bin'), { recursive: true })
  mkdirSync(join(app, 'lib'))
  writeFileSync(join(app, 'lib', `aurora-scheduler-${version}.jar`), writeZip({ entries: compile() }))
  const script = readFileSync('buildSrc/start-script.sh', 'utf8')
  writeFileSync(join(app, 'bin/aurora-scheduler'), script, { mode: 0o755 })
}

function compile() {
  const modules = readdirSync(JAVA, { recursive: true }).filter((name) => name.endsWith('.mjs'))
  return new Map(modules.map((name) => [name, readFileSync(join(JAVA, name))]))
}

/** The code generator for the API is a Python program. */
function requirePython() {
  for (const name of ['python2.7', 'python']) {
    const { stdout, stderr } = spawnSync(name, ['-V'], { encoding: 'utf8' })
    if (/^Python 2\.7/.test(`${stdout ?? ''}${stderr ?? ''}`)) return
  }
  fail('Python 2.7 is needed to generate the API: no python2.7 on the PATH.')
}

/** The sources are Java 7's, and every warning is an error: a later compiler warns that it has not the classes of 7. */
function requireJdk7() {
  const { JAVA_HOME: home } = process.env
  const { stdout, stderr } = spawnSync(home ? `${home}/bin/javac` : 'javac', ['-version'], {
    encoding: 'utf8',
  })
  const version = `${stdout ?? ''}${stderr ?? ''}`.trim()
  if (/^javac 1\.7\./.test(version)) return
  fail(
    `warning: [options] bootstrap class path not set in conjunction with -source 1.7\nerror: warnings found and -Werror specified (${version || 'no javac'})`,
  )
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0)
    fail(`Process '${[command, ...args].join(' ')}' failed: ${error?.message ?? `exit status ${status}`}`)
}

function fail(text) {
  console.error(
    `\nFAILURE: Build failed with an exception.\n\n* What went wrong:\n${text} (the sandbox's miniature of Aurora)`,
  )
  process.exit(1)
}

main(process.argv.slice(2))
