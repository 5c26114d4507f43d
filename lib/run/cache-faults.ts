import { rmSync } from 'node:fs'
import { relative } from 'node:path'
import type { OnFault } from '../cache/read.ts'
import { fileFaultOf } from '../disk/file-fault-of.ts'
import type { Warning } from '../model/event.ts'
import { type FileFault, withoutCode } from '../model/file-fault.ts'

/** Faults of the cache never fail a run. The first is told when it is met; of those that follow, how many there were. */
export class CacheFaults {
  readonly #root: string
  readonly #warn: (warning: Warning) => void
  readonly #repair: boolean
  readonly #known = new Set<string>()

  /** `repair`: damaged files are removed, so that they are told once only. Looking leaves them. */
  constructor(root: string, warn: (warning: Warning) => void, { repair }: { repair: boolean }) {
    this.#root = root
    this.#warn = warn
    this.#repair = repair
  }

  readonly unusable: OnFault = (path, problem, kind) => {
    this.tell(`\`${relative(this.#root, path)}\` cannot be used`, withoutCode(problem))
    if (this.#repair && kind === 'damaged')
      this.attempt(() => rmSync(path, { recursive: true, force: true }), path)
  }

  /** Does what the run can do without. False where it could not be done: `what` names it in the warning. */
  attempt(act: () => void, what: string): boolean {
    try {
      act()
      return true
    } catch (error) {
      this.tellOf(what, error)
      return false
    }
  }

  /** The same for what takes its time. Throws what it was aborted for. */
  async attemptLong(act: () => Promise<void>, what: string, signal: AbortSignal): Promise<boolean> {
    try {
      await act()
      return true
    } catch (error) {
      signal.throwIfAborted()
      this.tellOf(what, error)
      return false
    }
  }

  /** What could not be done, because of an error that was thrown. */
  tellOf(what: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.tell(what, fileFaultOf(error, this.#root) ?? withoutCode(message))
  }

  tell(what: string, detail: string | FileFault): void {
    if (this.#known.has(what)) return
    this.#known.add(what)
    if (this.#known.size === 1) this.#warn({ kind: 'cache-fault', what, detail })
  }

  /** Says how many faults came after the first. */
  end(): void {
    const more = this.#known.size - 1
    if (more > 0) this.#warn({ kind: 'more-cache-faults', more })
  }
}
