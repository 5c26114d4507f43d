/** What is wrong with the wildcards of a glob whose braces are expanded; undefined when nothing is. */
export function wildcardProblem(glob: string, where: 'workspace' | 'host'): string | undefined {
  if (glob.split('/').some((name) => name.includes('**') && name !== '**'))
    return '`**` must stand alone between slashes'
  return where === 'host' ? hostWildcardProblem(glob) : localWildcardProblem(glob)
}

/** On hosts it is `find` that looks. */
function hostWildcardProblem(glob: string): string | undefined {
  return /[[\]{}]|[@+!?*]\(/.test(glob) ? 'on a host only `*`, `?` and `**` are wildcards' : undefined
}

/** What the two libraries that expand and match globs would take for text, or each for something else, is refused. */
function localWildcardProblem(glob: string): string | undefined {
  const text = glob.replace(/\[[!^]?(?!:)(\[:\w+:\]|[^[\]/])+\]/g, 'x')
  if (/[[\]]/.test(text)) return 'a bracket of its wildcards has no partner, or nothing or a `/` inside'
  if (text.includes('"')) return 'a glob must not hold quotes'
  if (!areBalanced(text)) return 'a brace of its wildcards has no partner'
  if (/\{[^{}]*\.\.[^{}]*\}/.test(text)) return 'ranges in braces are not known: name each with commas'
  const outside = text.replace(/[@+!?*]\([^(){}/]*\)/g, 'x')
  if (/[@+!?*]\(/.test(outside))
    return 'a parenthesis of its wildcards has no partner, or a `/`, a brace or another one inside'
  return outside.includes('|') ? 'alternatives must stand in `@(…)` or in braces' : undefined
}

function areBalanced(text: string): boolean {
  let depth = 0
  for (const char of text) {
    if (char === '{') depth++
    if (char === '}' && --depth < 0) return false
  }
  return depth === 0
}
