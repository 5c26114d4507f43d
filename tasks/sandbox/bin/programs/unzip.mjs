#!/usr/bin/env node
// The sandbox's unzip: lists, prints, tests and unpacks. Like the real one it takes an archive behind a shebang.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readZip } from './zip-file.mjs'

function main(args) {
  const mode = { list: false, names: false, print: false, test: false, never: false, into: '.' }
  const words = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (arg === '-d') mode.into = args[++i]
    else if (arg === '-Z1' || arg === '-1') mode.names = true
    else if (!arg.startsWith('-')) words.push(arg)
    else if (!/^-[lptqon]+$/.test(arg)) return fail(10, `unknown option ${arg}`)
    else {
      mode.list ||= arg.includes('l')
      mode.print ||= arg.includes('p')
      mode.test ||= arg.includes('t')
      mode.never ||= arg.includes('n')
    }
  }
  const [archive, ...wanted] = words
  if (!archive) return fail(10, 'usage: unzip [-l|-p|-t|-Z1] [-qo] ARCHIVE [FILE…] [-d FOLDER]')
  if (!existsSync(archive)) return fail(9, `cannot find or open ${archive}`)
  const { prefix, entries, displaced } = readZip(readFileSync(archive))
  const chosen = [...entries].filter(
    ([name]) => wanted.length === 0 || wanted.some((glob) => fits(name, glob)),
  )
  if (mode.list) list(archive, chosen)
  else if (mode.names) for (const [name] of chosen) console.log(name)
  else if (mode.print) for (const [, bytes] of chosen) process.stdout.write(bytes)
  else if (!mode.test) unpack(chosen, mode)
  if (wanted.length > 0 && chosen.length === 0) return fail(11, `filename not matched: ${wanted.join(' ')}`)
  if (displaced && !mode.names) {
    console.error(
      `warning [${archive}]: ${prefix.length} extra bytes at beginning (attempting to process anyway)`,
    )
    process.exitCode = 1
  }
}

function fits(name, glob) {
  const pattern = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`).test(name)
}

function list(archive, entries) {
  console.log(`Archive:  ${archive}\n  Length      Date    Time    Name\n---------  ---------- -----   ----`)
  for (const [name, bytes] of entries)
    console.log(`${String(bytes.length).padStart(9)}  1980-01-01 00:00   ${name}`)
  console.log(`---------                     -------\n${' '.repeat(30)}${entries.length} files`)
}

function unpack(entries, { into, never }) {
  for (const [name, bytes] of entries) {
    const path = join(into, name)
    if (name.split('/').includes('..')) throw new Error(`${name} leads out of the folder`)
    if (name.endsWith('/')) mkdirSync(path, { recursive: true })
    else if (!never || !existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
    }
  }
}

function fail(status, text) {
  console.error(`unzip:  ${text} (the sandbox's stand-in)`)
  process.exitCode = status
}

main(process.argv.slice(2))
