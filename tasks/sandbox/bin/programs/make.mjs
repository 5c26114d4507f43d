#!/usr/bin/env node
// The sandbox's make: variables, rules with prerequisites and recipes by tab, `.PHONY`; no patterns, no functions.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'

function main(args) {
  const given = { file: undefined, goals: [], variables: {}, silent: false }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    const assignment = /^(\w+)=(.*)$/.exec(arg)
    if (arg === '-C') process.chdir(args[++i])
    else if (arg === '-f') given.file = args[++i]
    else if (arg === '-s') given.silent = true
    else if (arg === '-j' && /^\d+$/.test(args[i + 1])) i++
    else if (assignment) given.variables[assignment[1]] = assignment[2]
    else if (arg.startsWith('-') && !/^-(j\d*|k|w)$|^--(silent|no-print-directory)$/.test(arg)) {
      throw new Stop(`unknown option ${arg}`)
    } else if (!arg.startsWith('-')) given.goals.push(arg)
  }
  const file = given.file ?? ['GNUmakefile', 'makefile', 'Makefile'].find((name) => existsSync(name))
  if (!file || !existsSync(file)) throw new Stop('No targets specified and no makefile found.')
  const makefile = parse(readFileSync(file, 'utf8'), given.variables)
  const goals = given.goals.length > 0 ? given.goals : [...makefile.rules.keys()].slice(0, 1)
  const done = new Map()
  for (const goal of goals) {
    if (!build(goal, makefile, done, given.silent)) console.log(`make: Nothing to be done for '${goal}'.`)
  }
}

function parse(text, overrides) {
  const makefile = { variables: { ...overrides }, rules: new Map(), phony: new Set() }
  let rule
  for (const raw of text.replace(/\\\n[ \t]*/g, ' ').split('\n')) {
    if (raw.startsWith('\t')) {
      if (!rule) throw new Stop('recipe commences before first target.')
      rule.recipe.push(raw.slice(1))
      continue
    }
    const line = raw.replace(/(^|\s)#.*/, '').trim()
    if (line === '') continue
    const assignment = /^(\w+)\s*[:?]?=\s*(.*)$/.exec(line)
    const head = /^([^:=]+):([^=].*)?$/.exec(line)
    if (assignment) {
      if (!(assignment[1] in overrides)) makefile.variables[assignment[1]] = assignment[2]
    } else if (head) {
      const needs = words(expand(head[2] ?? '', makefile.variables))
      const targets = words(expand(head[1], makefile.variables))
      if (targets[0] === '.PHONY') {
        for (const need of needs) makefile.phony.add(need)
        continue
      }
      rule = { needs, recipe: [] }
      for (const target of targets) makefile.rules.set(target, rule)
    } else throw new Stop(`only variables and plain rules are understood, not: ${line}`)
  }
  return makefile
}

/** True when something was done. */
function build(target, makefile, done, silent) {
  if (done.has(target)) return done.get(target)
  done.set(target, false)
  const rule = makefile.rules.get(target)
  if (!rule) {
    if (existsSync(target)) return false
    throw new Stop(`No rule to make target '${target}'.`)
  }
  const renewed = rule.needs.map((need) => build(need, makefile, done, silent)).some(Boolean)
  if (!makefile.phony.has(target) && !renewed && isUpToDate(target, rule.needs)) return false
  const variables = {
    ...makefile.variables,
    '@': target,
    '<': rule.needs[0] ?? '',
    '^': rule.needs.join(' '),
  }
  for (const line of rule.recipe) runRecipe(expand(line, variables), target, silent)
  done.set(target, rule.recipe.length > 0 || renewed)
  return done.get(target)
}

function isUpToDate(target, needs) {
  if (!existsSync(target)) return false
  const made = statSync(target).mtimeMs
  return needs.every((need) => !existsSync(need) || statSync(need).mtimeMs <= made)
}

function runRecipe(line, target, silent) {
  const [, flags, command] = /^([@\-+]*)\s*(.*)$/s.exec(line)
  if (command === '') return
  if (!silent && !flags.includes('@')) console.log(command)
  const { status, signal } = spawnSync('/bin/sh', ['-c', command], { stdio: 'inherit' })
  if (status !== 0 && !flags.includes('-')) throw new Stop(`[${target}] Error ${status ?? signal}`)
}

function expand(text, variables) {
  return text.replace(/\$(?:\$|\((\w+)\)|\{(\w+)\}|([@<^]))/g, (whole, a, b, c) => {
    if (whole === '$$') return '$'
    const name = a ?? b ?? c
    if (name === 'MAKE') return 'make'
    return expand(variables[name] ?? process.env[name] ?? '', variables)
  })
}

function words(text) {
  return text.split(/\s+/).filter((word) => word !== '')
}

class Stop extends Error {}

try {
  main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Stop)) throw error
  console.error(`make: *** ${error.message}  Stop. (the sandbox's stand-in)`)
  process.exitCode = 2
}
