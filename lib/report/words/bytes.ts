const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** A number of bytes as people say it, in powers of 1000: `97.0 MB`. */
export function bytes(number: number): string {
  let unit = 0
  let value = number
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return unit === 0 ? `${Math.round(value)} B` : `${value.toFixed(1)} ${units[unit]}`
}
