/** `1 task`, `2 tasks`; the plural is given where an s does not make it. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
