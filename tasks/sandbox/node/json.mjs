/** JSON as Mesos writes it: with every slash escaped. */
export function stringify(value) {
  return JSON.stringify(value).replaceAll('/', '\\/')
}
