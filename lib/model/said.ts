import { inspect } from 'node:util'

/** How far causes of causes are told: they may go round in a circle. */
const deepest = 5

/** Nobody reads more of one error. */
const longest = 10_000

/** What an error says, with what those that it comes from add to that. */
export function said(error: Error): string {
  return shortened(withCauses(error, deepest))
}

export function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters in all)`
}

function withCauses(error: Error, depth: number): string {
  const own = typeof error.message === 'string' ? error.message.trim() : ''
  const more = depth === 0 ? [] : causesOf(error).map((cause) => withCauses(cause, depth - 1))
  const added = [...new Set(more)].filter((text) => !own.includes(text)).join(', ')
  return [own, added].filter((text) => text !== '').join(': ')
}

function causesOf(error: Error): Error[] {
  const several: unknown = error instanceof AggregateError ? error.errors : []
  const all: unknown[] = [error.cause, ...(Array.isArray(several) ? several : [])]
  return all.map(legible).filter((cause) => cause instanceof Error)
}

/** All that anybody asks errors for. */
const members = ['name', 'message', 'stack', 'code', 'syscall', 'path', 'dest', 'failure', 'problem'] as const

export const unreadable = 'one that cannot be read'

/** What is thrown may be anything, and reading it may throw in its turn: then words stand for it. */
export function legible(thrown: unknown): unknown {
  try {
    if (!(thrown instanceof Error)) inspect(thrown)
    else for (const member of members) void `${thrown[member as 'name']} ${typeof thrown.cause}`
    return thrown
  } catch {
    return unreadable
  }
}
