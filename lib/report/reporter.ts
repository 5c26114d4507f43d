import type { Event } from '../model/event.ts'
import type { Colors } from './colors.ts'

/** Tells a run's story while it happens. */
export interface Reporter {
  on(event: Event): void
  /** Prints what is still held back. */
  end(): Promise<void>
}

/** Where a reporter's text goes: the story to `out`, warnings and failures to `err`. */
export interface Outlet {
  out(text: string): void
  err(text: string): void
  errColors: Colors
}
