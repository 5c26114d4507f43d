import type { ZodType } from 'zod'
import { UsageError } from '../model/problem.ts'
import type { MainOptions } from './main-options.ts'
import { aSchema } from './main-shape.ts'

/** The schema that `main()` was given, or that a function given to it loads. */
export async function configSchema({ config }: MainOptions): Promise<ZodType | undefined> {
  if (typeof config !== 'function') return config
  const schema = await config()
  const flaw = aSchema(schema)
  if (!flaw) return schema
  throw new UsageError({
    kind: 'bad-main',
    field: 'config',
    problem: `is a function, and what it returns ${flaw.problem}`,
    advice: "Let it return the schema: `async () => (await import('./config.ts')).schema`.",
  })
}
