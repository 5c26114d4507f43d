import { type Digest, digestOf } from '../model/digest.ts'
import type { Made } from '../model/made.ts'

const digests = new WeakMap<Made, Digest>()

/** Tells apart what instances made. */
export function digestOfMade(made: Made): Digest {
  const digest = digests.get(made) ?? digestOf(JSON.stringify([made.outputs, made.collected]))
  digests.set(made, digest)
  return digest
}

/** What has that digest, read when somebody asks for more. */
export function madeLater(digest: Digest, read: () => Made): Made {
  const made = new MadeLater(read)
  digests.set(made, digest)
  return made
}

class MadeLater implements Made {
  readonly #read: () => Made
  #known: Made | undefined

  constructor(read: () => Made) {
    this.#read = read
  }

  get outputs() {
    return this.#made.outputs
  }

  get collected() {
    return this.#made.collected
  }

  get #made(): Made {
    return (this.#known ??= this.#read())
  }
}
