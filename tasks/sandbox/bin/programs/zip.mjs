#!/usr/bin/env node
// The sandbox's zip: adds files to an archive, replacing those of the same name; what precedes the archive stays.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readZip, writeZip } from './zip-file.mjs'

const FLAGS = /^-[qrXgoDj0-9]+$/

function main(args) {
  const flags = args.filter((arg) => arg.startsWith('-'))
  const [archive, ...files] = args.filter((arg) => !arg.startsWith('-'))
  const unknown = flags.find((flag) => !FLAGS.test(flag))
  if (unknown) return fail(16, `unknown option ${unknown}`)
  if (!archive || files.length === 0) return fail(16, 'usage: zip [-qrXgj] ARCHIVE FILE…')
  const zip = existsSync(archive)
    ? readZip(readFileSync(archive))
    : { prefix: Buffer.alloc(0), entries: new Map() }
  const given = (letter) => flags.some((flag) => flag.includes(letter))
  const adds = files.flatMap((file) => (given('r') ? deep(file) : [file]))
  for (const file of adds) {
    if (!existsSync(file)) return fail(12, `name not matched: ${file}`)
    const name = given('j') ? file.split('/').pop() : file.replace(/^(\.?\/)+/, '')
    if (statSync(file).isDirectory()) {
      if (!given('D')) zip.entries.set(`${name.replace(/\/$/, '')}/`, Buffer.alloc(0))
    } else zip.entries.set(name, readFileSync(file))
    if (!given('q')) console.log(`  adding: ${name}`)
  }
  writeFileSync(archive, writeZip(zip))
}

function deep(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path]
  return [
    path,
    ...readdirSync(path)
      .sort()
      .flatMap((name) => deep(join(path, name))),
  ]
}

function fail(status, text) {
  console.error(`zip error: ${text} (the sandbox's stand-in)`)
  process.exitCode = status
}

main(process.argv.slice(2))
