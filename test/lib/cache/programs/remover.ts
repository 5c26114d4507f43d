import { clear } from '../../../../lib/cli/cache/clear.ts'
import { gc } from '../../../../lib/cli/cache/gc.ts'

/** Empties a workspace's cache again and again, until it is killed. */
const [action, root] = process.argv.slice(2) as ['gc' | 'clear', string]

const act = { gc, clear }[action]
for (;;) await act({ root, limit: 0, maxSize: 0, maxAge: undefined, format: 'text' })
