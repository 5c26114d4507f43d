import { z } from 'zod'

/** What the sections of the cluster file have in common. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 lower-case hexadecimal digits')
const sha1 = z.string().regex(/^[0-9a-f]{40}$/, 'a SHA-1 is 40 lower-case hexadecimal digits')
export const port = z.int().min(1).max(65535)
export const version = z.string().regex(/^[\w.-]+$/, 'a version holds letters, digits, dots and dashes')
export const absolute = z.string().regex(/^\/\S*[^/\s]$/, 'must be an absolute path without spaces')
export const seconds = z.int().min(1)

/** Where a source release comes from, and what it must be. */
export const release = {
  /** `https://…`, or a path: absolute, or from the workspace's root. */
  source: z.string().min(1).optional(),
  /** Addresses that are tried where that one fails. */
  mirrors: z.array(z.string().min(1)).optional(),
  sha256: sha256.optional(),
  /** Only where upstream published nothing stronger: a warning prints the SHA-256 to write here instead. */
  sha1: sha1.optional(),
}

export function digestOf({ sha256, sha1 }: { sha256?: string | undefined; sha1?: string | undefined }) {
  return sha256 ?? sha1
}

export function mustBe(
  context: z.RefinementCtx,
  path: string,
  value: string | undefined,
  only: string,
  who: string,
): void {
  if (value !== undefined && value !== only)
    context.addIssue({
      code: 'custom',
      path: path.split('.'),
      message: `is ${value}, but ${who} with ${only} only`,
    })
}

export function requireField(context: z.RefinementCtx, path: string, value: unknown, what: string): void {
  if (value === undefined)
    context.addIssue({ code: 'custom', path: path.split('.'), message: `is missing: ${what}` })
}
