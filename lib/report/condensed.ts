/** Holds back lines of one kind that come in a row, and prints them as one when they are many. */
export function condensed(print: (text: string) => void, few = 3) {
  let held: { kind: string; names: string[] } | undefined
  const flush = () => {
    if (!held) return
    const { kind, names } = held
    held = undefined
    if (names.length <= few) for (const name of names) print(`${name} ${kind}`)
    else print(`${names.length} ${kind}: ${names.slice(0, few).join(', ')} and ${names.length - few} more`)
  }
  return {
    add(kind: string, name: string): void {
      if (held?.kind !== kind) flush()
      held ??= { kind, names: [] }
      held.names.push(name)
    },
    flush,
  }
}
