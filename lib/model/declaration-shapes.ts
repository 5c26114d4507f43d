import { json } from './json-shape.ts'
import { broughtHome, outputFolder, outputPaths, paths } from './path-shapes.ts'
import { fields, flaw, listOf, mustBe, namedBy, orFunction, type Shape, text } from './shape.ts'

function shapes({ remote }: { remote: boolean }) {
  const parts = {
    'inputs.files': paths('workspace'),
    'inputs.env': variables,
    'inputs.values': namedBy('JSON values', json),
    'inputs.facts': namedBy('facts', fact({ remote })),
    'inputs.secrets': variables,
    'inputs.downloads': listOf('downloads', download),
    'outputs.files': outputPaths(remote ? 'host' : 'workspace'),
    'collect.files': broughtHome,
    skip: someTextOrNothing,
  }
  return {
    ...parts,
    inputs: fields({
      files: orFunction(parts['inputs.files']),
      env: orFunction(parts['inputs.env']),
      values: orFunction(parts['inputs.values']),
      facts: orFunction(parts['inputs.facts']),
      secrets: orFunction(parts['inputs.secrets']),
      downloads: orFunction(parts['inputs.downloads']),
    }),
    outputs: fields({ files: orFunction(parts['outputs.files']) }, ['files']),
    collect: fields({ files: orFunction(parts['collect.files']), into: outputFolder }, ['files']),
  }
}

const someText = text('some text', /\S/)

const someTextOrNothing: Shape = (value) => (value === undefined ? undefined : someText(value))

const variables = listOf('names of variables', text('the name of a variable', /^[A-Za-z_]\w*$/))

function fact({ remote }: { remote: boolean }): Shape {
  const shape = fields({
    role: someText,
    file: text('an absolute path on the host', /^\/\P{Cc}*$/u),
    command: text('a command', /^(?!\s*$)[^\0]*$/),
  })
  return (value) => {
    const found = shape(value)
    if (found) return found
    const { role, file, command } = value as Record<string, unknown>
    if ((file === undefined) === (command === undefined)) return flaw('must have a `file` or a `command`')
    return role === undefined && !remote
      ? flaw('does not say of which role', 'Give its `role`: the task itself is on no host.')
      : undefined
  }
}

const download = fields(
  {
    name: mustBe('a file name', (value) => isFileName(value)),
    url: orFunction(someText),
    mirrors: listOf('addresses', orFunction(someText)),
    sha256: text('64 hex digits', /^[0-9a-f]{64}$/i),
    sha1: text('40 hex digits', /^[0-9a-f]{40}$/i),
    file: someText,
    folder: someText,
  },
  ['name', 'url'],
)

function isFileName(value: unknown): boolean {
  return typeof value === 'string' && /^[^/\p{Cc}]{1,200}$/u.test(value) && value !== '.' && value !== '..'
}

/** What the declarations of a task may be, by field: where they are written, and what functions of
 *  `{ config, host, hosts }` return for them. */
export const declarationShapes = { here: shapes({ remote: false }), onHosts: shapes({ remote: true }) }

export type DeclarationField = keyof typeof declarationShapes.here
