import { actionOf, refuseElsewhere } from '../action.ts'
import type { CacheRequest } from '../cache/request.ts'
import { command } from '../command.ts'
import { age, choice, size } from '../option.ts'

export const cache = command({
  name: 'cache',
  summary: 'Show what lies in the cache, check, trim or empty it',
  argument: 'stats|verify|gc|clear',
  options: {
    'max-size': size('gc: remove what was least recently used beyond this size (default: what main() says)'),
    'max-age': age('gc: remove what was not used for so long'),
    format: choice(['text', 'json'], 'stats: tables or data'),
  },
  async run({ root, options }, values, words) {
    const { 'max-size': maxSize, 'max-age': maxAge, format } = values
    const action = actionOf('cache', words, actions)
    refuseElsewhere('--max-size', maxSize !== undefined, 'cache gc', action)
    refuseElsewhere('--max-age', maxAge !== undefined, 'cache gc', action)
    const { cacheLimit } = await import('../cache/limit.ts')
    return actions[action]({ root, limit: cacheLimit(options), maxSize, maxAge, format })
  },
})

type Act = (request: CacheRequest) => Promise<number>

const actions = {
  stats: async (request) => (await import('../cache/stats.ts')).stats(request),
  verify: async (request) => (await import('../cache/verify.ts')).verify(request),
  gc: async (request) => (await import('../cache/gc.ts')).gc(request),
  clear: async (request) => (await import('../cache/clear.ts')).clear(request),
} satisfies Record<string, Act>
