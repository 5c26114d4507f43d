#!/usr/bin/env node
// The sandbox's java: runs the main class of a miniature's jars, whose classes are JavaScript modules.
// The class's module exports `main(args, properties)`.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readZip } from './zip-file.mjs'
import { importFrom } from './zip-modules.mjs'

const IGNORED = /^-(server|client|X.*|ea|da|verbose.*|d32|d64)$/

async function main(args) {
  const given = parse(args)
  if (given.version) return sayVersion()
  if (given.unknown)
    return fail(`Unrecognized option: ${given.unknown}\nError: Could not create the Java Virtual Machine.`)
  if (!given.mainClass) return fail('usage: java [-Dname=value…] [-cp PATH] CLASS [ARGUMENT…]')
  const path = `${given.mainClass.replaceAll('.', '/')}.mjs`
  for (const jar of expand(given.classpath)) {
    const { entries } = readZip(readFileSync(jar))
    if (!entries.has(path)) continue
    const program = await importFrom(entries, path)
    return program.main(given.rest, given.properties)
  }
  fail(`Error: Could not find or load main class ${given.mainClass}`)
}

function parse(args) {
  const given = { classpath: process.env.CLASSPATH ?? '.', properties: {}, rest: [] }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (arg === '-version') given.version = true
    else if (arg === '-cp' || arg === '-classpath') given.classpath = args[++i] ?? ''
    else if (arg.startsWith('-D')) {
      const [name, ...value] = arg.slice(2).split('=')
      given.properties[name] = value.join('=')
    } else if (IGNORED.test(arg)) continue
    else if (arg.startsWith('-')) return { ...given, unknown: arg }
    else return { ...given, mainClass: arg, rest: args.slice(i + 1) }
  }
  return given
}

function expand(classpath) {
  return classpath.split(':').flatMap((part) => {
    if (!part.endsWith('/*')) return part.endsWith('.jar') && existsSync(part) ? [part] : []
    const folder = part.slice(0, -1)
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jar'))
      .map((name) => join(folder, name))
  })
}

function sayVersion() {
  console.error(
    `java version "1.${process.env.JAVA_RELEASE ?? 7}.0_sandbox"\nThe sandbox's stand-in (Node ${process.version})`,
  )
}

function fail(text) {
  console.error(text)
  process.exitCode = 1
}

await main(process.argv.slice(2))
