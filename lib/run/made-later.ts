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
  let known: Made | undefined
  const made: Made = {
    get outputs() {
      return (known ??= read()).outputs
    },
    get collected() {
      return (known ??= read()).collected
    },
  }
  digests.set(made, digest)
  return made
}
