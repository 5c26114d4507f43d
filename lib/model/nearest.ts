import { createRequire } from 'node:module'

/** The known names that a mistyped one probably meant, nearest first; at most three. */
export function nearest(name: string, known: string[]): string[] {
  const { distance } = levenshtein()
  const limit = Math.max(2, Math.floor(name.length / 3))
  return known
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= limit || (name.length >= 3 && candidate.includes(name)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** Loaded only where a name is wrong: a CommonJS package takes as long to import as thirty modules. */
function levenshtein(): typeof import('fastest-levenshtein') {
  return createRequire(import.meta.url)('fastest-levenshtein')
}
