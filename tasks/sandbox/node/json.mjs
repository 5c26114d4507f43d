/** JSON as Mesos writes it: keys in the order of the alphabet, so flags before the version, and every slash escaped. */
export function stringify(value) {
  return JSON.stringify(value, inOrder).replaceAll('/', '\\/')
}

function inOrder(_, value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
