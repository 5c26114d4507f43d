import type { Measured } from './measure.ts'
import type { Scenario } from './scenarios.ts'

/** Something whose time is taken: a tool, or a floor. */
export interface Runner {
  name: string
  isFloor: boolean
  takesPartIn(scenario: Scenario): boolean
  attempt(scenario: Scenario): Promise<Attempt>
  /** Ends what it may have left running. */
  close(): Promise<void>
}

export interface Attempt extends Measured {
  /** How many tasks ran, where that is told. */
  ran?: number | undefined
  /** What a no-op took just before, in seconds. */
  noop?: number | undefined
  /** What came out wrong. */
  fault?: string | undefined
}
