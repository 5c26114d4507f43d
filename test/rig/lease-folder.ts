import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../lib/model/host.ts'

/** What a host whose root is a folder of this machine keeps of a lease. */
export class LeaseFolder {
  readonly #path: string

  constructor({ root }: Host) {
    this.#path = join(root, 'var/lib/aurora-mesosphere/lease')
  }

  /** Names of its files. */
  get files(): string[] {
    return readdirSync(this.#path).sort()
  }

  /** When its owner was last heard of, in the host's words. */
  get beat(): string {
    return readFileSync(this.#beatFile, 'utf8')
  }

  /** Lets its owner not have been heard of for a minute more. */
  age(): void {
    const [clock, seconds] = this.beat.split(' ')
    writeFileSync(this.#beatFile, `${clock} ${Number(seconds) - 60}\n`)
  }

  get #beatFile(): string {
    return join(this.#path, this.files.filter((name) => name.endsWith('.beat')).at(-1)!)
  }
}
