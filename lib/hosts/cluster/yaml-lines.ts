import type { Document } from 'yaml'
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

/** The line of what stands at a path; of the nearest thing around it when that is missing. */
export type LineOf = (path: PropertyKey[]) => number | undefined

export interface ParsedYaml {
  value: unknown
  lineOf: LineOf
  errors: { line: number; path: string; problem: string }[]
}

export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  return {
    value: document.errors.length > 0 ? undefined : document.toJS(),
    lineOf(path) {
      for (let part = path; part.length > 0; part = part.slice(0, -1)) {
        const offset = offsetOf(document, part)
        if (offset !== undefined) return lineAt(offset)
      }
      return undefined
    },
    errors: document.errors.map(({ message, pos }) => ({
      line: lineAt(pos[0]),
      path: '',
      problem: `is not YAML: ${message}`,
    })),
  }
}

/** Where a key, or an element of a list, begins. */
function offsetOf(document: Document, path: PropertyKey[]): number | undefined {
  const last = path.at(-1)
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last)
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const element = isSeq(parent) ? parent.items[last as number] : undefined
  return isNode(element) ? element.range?.[0] : undefined
}
