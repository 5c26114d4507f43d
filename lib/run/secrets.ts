import type { Instance } from '../model/instance.ts'
import { secretValues } from '../model/secrets.ts'
import type { Engine } from './engine.ts'

/** Values of an instance's declared secrets. */
export function secretsOf(engine: Engine, instance: Instance): string[] {
  return secretValues(engine.declarations(instance).secrets)
}
