import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Box, expectDone, expectRefused, openBox } from './box.ts'

let box: Box
beforeEach(() => (box = openBox()))
afterEach(() => box.close())

test('the first target is made, with what it needs before it', () => {
  box.write('Makefile', 'WORD = hello\nall: b\n\t@cat b\nb: a\n\tcp $< $@\na:\n\t@echo $(WORD) $$HOME > a\n')
  expect(box.run('make -j2').stdout).toBe(`cp a b\nhello ${box.root}\n`)
})

test('what is newer than its needs is left alone', () => {
  box.write('Makefile', 'b: a\n\tcp a b\n')
  box.write('a', '1')
  expectDone(box.run('make'))
  expect(box.run('make').stdout).toMatch(/Nothing to be done for 'b'/)
  expectDone(box.run('touch -t 203001010000 a'))
  expect(box.run('make').stdout).toBe('cp a b\n')
})

test('a phony target is always made', () => {
  box.write('Makefile', '.PHONY: clean\nclean:\n\t@echo cleaned\n')
  box.write('clean', '')
  expect(box.run('make clean').stdout).toBe('cleaned\n')
})

test('a variable of the command line wins', () => {
  box.write('Makefile', 'X = file\nall:\n\t@echo $(X)\n')
  expect(box.run('make X=given').stdout).toBe('given\n')
})

test('it works in another folder', () => {
  box.write('inside/Makefile', 'all:\n\t@basename "$$PWD"\n')
  expect(box.run('make -C inside').stdout).toBe('inside\n')
})

test('a recipe that fails stops it', () => {
  box.write('Makefile', 'all:\n\tfalse\n\t@echo never\n')
  const outcome = box.run('make')
  expectRefused(outcome, 2, /\[all\] Error 1/)
  expect(outcome.stdout).not.toContain('never')
})

test('without a makefile, a rule or an understanding it stops', () => {
  expectRefused(box.run('make'), 2, /no makefile found/)
  box.write('Makefile', 'all: missing\n')
  expectRefused(box.run('make'), 2, /No rule to make target 'missing'/)
  box.write('Makefile', 'ifdef X\nendif\n')
  expectRefused(box.run('make'), 2, /only variables and plain rules are understood/)
})
