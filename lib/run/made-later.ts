import { type Digest, digestOf } from '../model/digest.ts'
import type { Made } from '../model/made.ts'

const digests = new WeakMap<Made, Digest>()

/** Tells apart what instances made. */
export function digestOfMade(made: Made): Digest {
  if (made instanceof MadeLater) return made.digest
  const digest = digests.get(made) ?? digestOf(JSON.stringify([made.outputs, made.collected]))
  digests.set(made, digest)
  return digest
}

/** What has a digest that is known, read when somebody asks for more. */
export class MadeLater implements Made {
  readonly digest: Digest
  readonly #read: () => Made
  #known: Made | undefined

  constructor(digest: Digest, read: () => Made) {
    this.digest = digest
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
