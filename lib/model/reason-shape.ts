import type { Reason } from './reason.ts'
import {
  fields,
  flaw,
  isPlainObject,
  listOf,
  mustBe,
  named,
  partsOf,
  type Shape,
  suggest,
  within,
  yesOrNo,
} from './shape.ts'

/** What a task's own check may find: any reason but that it had no answer, which it tells by throwing, or was not asked. */
type Found = Exclude<Reason['kind'], 'probe-threw' | 'file-fault' | 'skipped'>

const text = mustBe('text', (value) => typeof value === 'string')
const textOrNull = mustBe('text or null', (value) => value === null || typeof value === 'string')
const change = mustBe('`added` or `removed`', (value) => value === 'added' || value === 'removed')
const texts = listOf('text', text)

const shapes: Record<Found, Shape> = {
  'never-ran': having({}),
  'input-changed': having({ path: text }, { from: text, executable: yesOrNo }),
  'input-added': having({ path: text }, { from: text }),
  'input-removed': having({ path: text }),
  'value-changed': having({ name: text }, { before: text, after: text }),
  'env-changed': having({ name: text }, { before: textOrNull, after: textOrNull }),
  'fact-changed': having({ name: text }, { before: text, after: text }),
  'need-changed': having({ task: text }, { path: text, change }),
  'definition-changed': having(
    {},
    { outputs: fields({ added: texts, removed: texts }, ['added', 'removed']) },
  ),
  'platform-changed': having({ before: text, after: text }),
  'output-missing': having({ path: text }),
  'output-changed': having({ path: text }, { extra: yesOrNo }),
  'receipt-missing': having({}),
  'probe-failed': having({ detail: text }),
  forced: having({}),
  always: having({}),
  'waits-for': having({ task: text }),
  unreachable: having({ host: text, detail: text }),
}

function having(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  return fields({ kind: text, ...required, ...optional }, Object.keys(required))
}

/** What a task's own check returns. */
export const reasons = listOf('reasons', (value) => {
  if (!isPlainObject(value)) return flaw(`must be a reason, not ${named(value)}`)
  const { parts, flaw: found } = partsOf(value)
  return found ?? shapeOf(parts.kind)(value)
})

function shapeOf(kind: unknown): Shape {
  if (typeof kind === 'string' && Object.hasOwn(shapes, kind)) return shapes[kind as Found]
  const advice = typeof kind === 'string' ? suggest(kind, Object.keys(shapes)) : undefined
  return () => within('kind', flaw(`is ${named(kind)}, which is no kind of reason`, advice))
}
