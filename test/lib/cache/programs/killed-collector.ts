import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { collect } from '../../../../lib/cache/collect.ts'
import { cacheLayout } from '../../../../lib/cache/layout.ts'

/** Collects a whole cache, and is killed at the given removal, before it or after it. */
const [root, removal, when] = process.argv.slice(2) as [string, string, 'before' | 'after']

let left = Number(removal)
const { rmSync } = fs
fs.rmSync = (...args) => {
  left -= 1
  if (left === 0 && when === 'before') process.kill(process.pid, 'SIGKILL')
  rmSync(...args)
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}
syncBuiltinESMExports()
collect(cacheLayout(root), { maxSize: 0 })
