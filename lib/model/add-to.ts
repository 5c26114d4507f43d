/** Adds a thing to the list of a key, which begins with the first. */
export function addTo<Key, Thing>(lists: Map<Key, Thing[]>, key: Key, thing: Thing): void {
  const known = lists.get(key)
  if (known) known.push(thing)
  else lists.set(key, [thing])
}
