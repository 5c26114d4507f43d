import type { Failure } from '../model/failure.ts'
import type { Instance } from '../model/instance.ts'
import type { Engine } from './engine.ts'
import { redacted } from './redact.ts'

/** Values of an instance's declared secrets. */
export function secretsOf(engine: Engine, instance: Instance): string[] {
  return engine.declarations(instance).secrets.flatMap((name) => process.env[name] ?? [])
}

/** A failure quotes commands and what they printed: neither may show a secret. */
export function withoutSecrets(failure: Failure, secrets: string[]): Failure {
  const hide = (value: unknown) => (typeof value === 'string' ? redacted(value, secrets) : value)
  return Object.fromEntries(
    Object.entries(failure).map(([name, value]) => [name, name === 'kind' ? value : hide(value)]),
  ) as unknown as Failure
}
