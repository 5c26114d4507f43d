import { z } from 'zod'
import type { Host, Hosts, Roles } from '../../model/host.ts'
import type { Issue } from './cluster-schema.ts'
import { check } from './cluster-schema.ts'
import { isAddress, isPort, isUser, parseHostAddress } from './host-address.ts'

export const sshSection = z.strictObject({
  identity: z.string().min(1).optional(),
  knownHosts: z.string().min(1).optional(),
  sudoPasswordFile: z.string().min(1).optional(),
})

const hostSection = z.strictObject({
  address: z.string().refine(isAddress, 'must be a host name or an IP address'),
  port: z.number().refine(isPort, 'must be a port: 1 to 65535').optional(),
  user: z.string().refine(isUser, 'must be the name of a user to log in as').optional(),
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'must be a word of letters, digits, `.`, `_` and `-`')
    .optional(),
})

/** The hosts of a cluster by role, named. What cannot be is added to the issues. */
export function hostsOf(given: unknown, roles: Roles, user: string | undefined, issues: Issue[]): Hosts {
  const expected = Object.entries(roles)
  const sections = given ?? {}
  if (typeof sections !== 'object' || Array.isArray(sections)) {
    const example = expected.map(([role, many]) => `${role}: ${many === 'one' ? 'host' : '[host, …]'}`)
    issues.push({ path: ['hosts'], problem: `must name hosts by role: \`{ ${example.join(', ')} }\`` })
    return {}
  }
  const known = Object.keys(roles)
  for (const role of Object.keys(sections))
    if (!known.includes(role))
      issues.push({ path: ['hosts', role], problem: 'is not a role', unknown: { key: role, known } })
  const hosts = Object.fromEntries(
    expected.map(([role, many]) => {
      const section = (sections as Record<string, unknown>)[role]
      return [role, hostsOfRole(section, role, many, user, issues)]
    }),
  )
  refuseDuplicates(hosts, issues)
  return hosts
}

function hostsOfRole(
  section: unknown,
  role: string,
  many: Roles[string],
  user: string | undefined,
  issues: Issue[],
): Host[] {
  const path = ['hosts', role]
  const listed = Array.isArray(section)
  const sections: unknown[] = listed ? section : section === undefined || section === null ? [] : [section]
  if (sections.length === 0)
    issues.push({
      path,
      problem: many === 'one' ? 'is missing: expected a host' : 'is missing: expected at least one host',
    })
  if (many === 'one' && sections.length > 1)
    issues.push({ path, problem: `expected one host, received ${sections.length}` })
  return (many === 'one' ? sections.slice(0, 1) : sections).flatMap((section, index) => {
    const host = hostFrom(section, listed ? [...path, index] : path, issues)
    if (!host) return []
    const name = many === 'one' ? role : `${role.replace(/s$/, '')}-${index + 1}`
    return [{ name, role, ...(user !== undefined && { user }), ...host, root: '' }]
  })
}

/** `[user@]host[:port]`, or its parts by name. */
function hostFrom(
  section: unknown,
  path: PropertyKey[],
  issues: Issue[],
): Omit<Host, 'role' | 'root' | 'name'> | undefined {
  if (typeof section !== 'string')
    return check(hostSection, section, path, issues) as z.infer<typeof hostSection> | undefined
  const parsed = parseHostAddress(section)
  if (!parsed) issues.push({ path, problem: `expected \`[user@]host[:port]\`, received \`${section}\`` })
  return parsed
}

function refuseDuplicates(hosts: Hosts, issues: Issue[]): void {
  const names = new Set<string>()
  for (const [role, some] of Object.entries(hosts)) {
    const places = new Set<string>()
    some.forEach((host, index) => {
      const place = `${host.address}:${host.port ?? ''}`
      const path = ['hosts', role, index]
      if (names.has(host.name)) issues.push({ path, problem: `a second host named \`${host.name}\`` })
      else if (places.has(place))
        issues.push({ path, problem: `the address \`${host.address}\` is there already` })
      names.add(host.name)
      places.add(place)
    })
  }
}
