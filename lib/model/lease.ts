/** Who deploys to a cluster, in words of its own. */
export interface LeaseOwner {
  /** `user@machine` */
  who: string
  pid: number
  command: string
  /** By the owner's clock, as `2026-01-31T12:00:00.000Z`. */
  since: string
  /** Name of its run, which no two have in common. */
  run: string
}

/** A lease that somebody holds, by the clock of the host that keeps it. */
export interface HeldLease extends LeaseOwner {
  /** Milliseconds since it was taken. */
  ageMs: number
  /** Milliseconds since its owner was last heard of. */
  silentMs: number
}

export interface TakenLease {
  /** Higher than that of everybody before. */
  token: number
  /** Whose lease it was, who died without giving it back. */
  from?: HeldLease
  /** Milliseconds for which nobody had it. */
  freeMs: number
}

/** The lease of a cluster: one deployment at a time. Whoever dies loses it, and then no host obeys them any more. */
export interface Lease {
  /**
   * Takes it, unless somebody else holds it who was heard of lately. From then on all that this fleet does carries a token
   * that is higher than any before.
   * @param dead runs that are known to have died, however lately they were heard of
   */
  take(owner: LeaseOwner, dead: string[]): Promise<TakenLease | { heldBy: HeldLease }>
  /** Tells the host that its owner lives. @returns whether it is still held; if not, by whom it was taken */
  renew(): Promise<{ lost: false } | { lost: true; to: HeldLease | undefined }>
  release(): Promise<void>
}

/** Why a run is aborted that has lost its lease: it touches no host any more, not even to end what it began there. */
export const leaseLost = 'lease-lost'
