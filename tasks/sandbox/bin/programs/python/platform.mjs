import { machine } from 'node:os'

/** What `distutils.util.get_platform()` says. Every host of a sandbox says that it is Linux, also on macOS. */
export const platform = `linux-${machine()}`
