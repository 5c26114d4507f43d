/** Whether code that imports these modules changes no file while it is loaded, unless it waits for somebody who does. */
export function isHarmless(code: string, modules: string[]): boolean {
  return modules.every(changesNoFile) && !waysAround.test(code)
}

function changesNoFile(module: string): boolean {
  return ['assert', 'crypto', 'os', 'path', 'url', 'util'].includes(module.replace(/^node:/, ''))
}

/** By these, code comes to other modules without importing them. */
const waysAround =
  /\bimport\(|\beval\b|\bFunction\b|\bglobal(This)?\b|\blocalStorage\b|\bprocess\b(?!\.(arch|argv|cwd|env|platform)\b)/
