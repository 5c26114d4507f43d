export interface HostAddress {
  address: string
  user?: string
  port?: number
}

/** Reads `[user@]host[:port]`, an IPv6 address in brackets when a port follows; undefined for anything else. */
export function parseHostAddress(text: string): HostAddress | undefined {
  const match =
    /^(?:([^@\s]+)@)?(?:\[([^\]]+)\]|([^@:[\]\s]+|[^@[\]\s]*:[^@[\]\s]*:[^@[\]\s]*))(?::(\d+))?$/.exec(text)
  if (!match) return undefined
  const [, user, bracketed, plain, digits] = match
  const address = (bracketed ?? plain) as string
  const port = digits === undefined ? undefined : Number(digits)
  if (!isAddress(address) || (user !== undefined && !isUser(user))) return undefined
  if (port !== undefined && !isPort(port)) return undefined
  return { address, ...(user !== undefined && { user }), ...(port !== undefined && { port }) }
}

/** A name or an IP address. It becomes an argument of `ssh`, so it must not look like an option. */
export function isAddress(text: string): boolean {
  return /^[\p{L}\p{N}_:][\p{L}\p{N}_.:%-]*$/u.test(text)
}

export function isUser(text: string): boolean {
  return /^[^-\s@:/][^\s@:/]*$/.test(text)
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535
}
