const units = ['b', 'kb', 'mb', 'gb', 'tb']

/** Bytes of `500MB`, `1.5 GB` (powers of 1000) or `10GiB` (powers of 1024); undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kmgt]?)(i?)b$/i.exec(text)
  if (!match || (match[3] && !match[2])) return undefined
  const power = units.indexOf(`${match[2]}b`.toLowerCase())
  return Math.round(Number(match[1]) * (match[3] ? 1024 : 1000) ** power)
}
