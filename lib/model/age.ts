const hour = 3_600_000
const units: Record<string, number> = { h: hour, d: 24 * hour, w: 7 * 24 * hour }

/** Milliseconds of `12h`, `30d` or `2w`; undefined for anything else. */
export function parseAge(text: string): number | undefined {
  const match = /^(\d+) ?([hdw])$/i.exec(text)
  return match ? Number(match[1]) * (units[match[2]!.toLowerCase()] as number) : undefined
}
