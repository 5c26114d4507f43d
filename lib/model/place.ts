/** The name of a part of a value: `flags.level`, `hosts[2]`, `flags["a b"]`. */
export function inside(place: string, part: string | number): string {
  if (typeof part === 'number') return `${place}[${part}]`
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part)) return `${place}[${JSON.stringify(part)}]`
  return place === '' ? part : `${place}.${part}`
}
