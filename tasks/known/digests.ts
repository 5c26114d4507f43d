/** Digests of releases, by version: upstream's own, or as several distributors have them. */
const known = {
  /** Upstream published nothing stronger. */
  mesos: { '0.20.1': { sha1: '8028366a2538551daaf290f7c62c4c8bfb415f61' } },
  /** Of others none is known that could be trusted. */
  aurora: {
    '0.21.0': { sha256: '4b608e5199ae72c83b0bc97569de5ed2c58d73a709f6906c3664154144438b65' },
    '0.22.0': { sha256: 'd3c20a09dcc62cac98cb83889099e845ce48a1727ca562d80b9a9274da2cfa12' },
  },
  gradle: { '2.2': { sha256: '8d7437082356c9fd6309a4479c8db307673965546daea445c6c72759cd6b1ed6' } },
  thrift: { '0.9.1': { sha256: 'ac175080c8cac567b0331e394f23ac306472c071628396db2850cb00c41b0017' } },
} satisfies Record<string, Record<string, Digests>>

export interface Digests {
  sha256?: string | undefined
  sha1?: string | undefined
}

export function knownDigests(product: keyof typeof known, version: string): Digests {
  const versions: Record<string, Digests> = known[product]
  return versions[version] ?? {}
}
