import type { Problem } from '../model/problem.ts'

/** What JavaScript throws where modules that import each other are evaluated in the wrong order. */
export function importCircle(error: unknown): Problem | undefined {
  const name = error instanceof ReferenceError && /^Cannot access '(.+)' before/.exec(error.message)?.[1]
  if (!name) return undefined
  const file = /\(?(?:file:\/\/)?(\/[^\n]+?):\d+:\d+\)?$/m.exec((error as Error).stack ?? '')?.[1] ?? ''
  return { kind: 'import-circle', name, file }
}
