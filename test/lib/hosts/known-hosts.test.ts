import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  fingerprint,
  judgeKey,
  knownName,
  knownTypes,
  parseKnownHosts,
  readKnownHosts,
  typeOf,
} from '../../../lib/hosts/ssh/known-hosts.ts'

let folder: string
const keys: Record<string, { line: string; blob: Buffer }> = {}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'known-hosts-'))
  for (const [name, type] of Object.entries({ one: 'ed25519', other: 'ed25519', ecdsa: 'ecdsa' })) {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', join(folder, name)])
    const line = readFileSync(join(folder, `${name}.pub`), 'utf8').trim()
    keys[name] = { line, blob: Buffer.from(line.split(' ')[1] as string, 'base64') }
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const line = (name: string) => keys[name]?.line as string
const blob = (name: string) => keys[name]?.blob as Buffer
const judge = (text: string, name: string, key = 'one') =>
  judgeKey(parseKnownHosts(text, 'f'), name, blob(key)).is

describe('a key', () => {
  it('is known by its host’s name', () => {
    expect(judge(`host.example ${line('one')}`, 'host.example')).toBe('known')
  })

  it('is unknown where only other hosts have lines', () => {
    expect(judge(`host.example ${line('one')}\n`, 'other.example')).toBe('unknown')
  })

  it('is known by a port of its own, and not by the name alone', () => {
    expect(judge(`[host.example]:2222 ${line('one')}`, knownName('Host.Example', 2222))).toBe('known')
    expect(judge(`host.example ${line('one')}`, knownName('host.example', 2222))).toBe('unknown')
    expect(knownName('host.example', 22)).toBe('host.example')
  })

  it('is known by one of several names, by wildcards, and not where an exception says so', () => {
    const text = `a.example,10.0.0.?,*.b.example,!bad.b.example ${line('one')}`
    const verdicts = ['a.example', '10.0.0.7', 'x.b.example', 'bad.b.example', '10.0.0.77'].map((name) =>
      judge(text, name),
    )
    expect(verdicts).toEqual(['known', 'known', 'known', 'unknown', 'unknown'])
  })

  it('is changed when the host is known by another', () => {
    const text = `host.example ${line('other')}`
    expect(judgeKey(parseKnownHosts(text, 'f'), 'host.example', blob('one'))).toEqual({
      is: 'changed',
      known: blob('other'),
    })
    expect(judge(`host.example ${line('ecdsa')}`, 'host.example')).toBe('changed')
  })

  it('is known when one of several lines has it', () => {
    expect(judge(`host.example ${line('other')}\nhost.example ${line('one')}`, 'host.example')).toBe('known')
  })

  it('is revoked, also where another line trusts it', () => {
    const text = `host.example ${line('one')}\n@revoked * ${line('one')} leaked`
    expect(judge(text, 'host.example')).toBe('revoked')
    expect(judge(text, 'host.example', 'other')).toBe('changed')
  })

  it('is not trusted because an authority’s line has it', () => {
    expect(judge(`@cert-authority *.example ${line('one')}`, 'host.example')).toBe('unknown')
  })
})

it('agrees with ssh-keygen on hashed names', async () => {
  const file = join(folder, 'hashed')
  writeFileSync(file, `[host.example]:2222 ${line('one')}\n10.0.0.1 ${line('other')}\n`)
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' })
  const lines = await readKnownHosts([join(folder, 'absent'), file])
  expect(lines[0]?.names).toMatch(/^\|1\|/)
  expect(judgeKey(lines, '[host.example]:2222', blob('one')).is).toBe('known')
  expect(judgeKey(lines, '10.0.0.1', blob('one')).is).toBe('changed')
  expect(judgeKey(lines, 'host.example', blob('one')).is).toBe('unknown')
})

it('agrees with ssh-keygen on fingerprints', () => {
  const [, shown] = execFileSync('ssh-keygen', ['-lf', join(folder, 'one.pub')], { encoding: 'utf8' }).split(
    ' ',
  )
  expect(fingerprint(blob('one'))).toBe(shown)
  expect(typeOf(blob('one'))).toBe('ssh-ed25519')
})

it('names the types that a host is known by', () => {
  const text = `a ${line('ecdsa')}\na,b ${line('one')}\na ${line('other')}\n# a ${line('one')}\n\nnonsense\n`
  expect(knownTypes(parseKnownHosts(text, 'f'), 'a')).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519'])
  expect(knownTypes(parseKnownHosts(text, 'f'), 'c')).toEqual([])
})
