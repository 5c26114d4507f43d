import type { Instance } from '../model/instance.ts'
import { secretValues } from '../model/secrets.ts'
import type { Engine } from './engine.ts'

/** What nothing that comes from an instance may show. */
export function secretsOf(engine: Engine, instance: Instance): string[] {
  return [...engine.workspace.secrets, ...secretValues(engine.declarations(instance).secrets)]
}
