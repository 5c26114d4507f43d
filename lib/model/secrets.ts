import { Failed } from './failure.ts'
import { isObject } from './json.ts'
import { UsageError } from './problem.ts'
import { redacted } from './redact.ts'
import { isPlainObject, partsOf } from './shape.ts'

/** What secret variables hold. */
export function secretValues(names: string[]): string[] {
  return names.flatMap((name) => process.env[name] ?? [])
}

/** Names of the secrets among inputs that may be anything at all. */
export function secretsAmong(inputs: unknown): string[] {
  const { secrets } = isPlainObject(inputs) ? partsOf(inputs).parts : {}
  return Array.isArray(secrets) ? secrets.filter((name) => typeof name === 'string') : []
}

/** Data that quotes commands, what they printed, or what an author wrote: none of it may show a secret. */
export function withoutSecrets<T>(data: T, secrets: string[]): T {
  const hide = (part: unknown): unknown => {
    if (typeof part === 'string') return redacted(part, secrets)
    if (Array.isArray(part)) return part.map(hide)
    if (!isObject(part)) return part
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => [name, name === 'kind' ? inner : hide(inner)]),
    )
  }
  return hide(data) as T
}

/** The same of an error that is told in words. */
export function errorWithoutSecrets(error: unknown, names: string[]): unknown {
  const secrets = secretValues(names)
  if (error instanceof UsageError) return new UsageError(withoutSecrets(error.problem, secrets))
  if (error instanceof Failed) return new Failed(withoutSecrets(error.failure, secrets))
  return error
}
