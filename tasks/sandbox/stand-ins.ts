import { fileURLToPath } from 'node:url'

/** Folder of the programs that are found first on hosts of the sandbox, and where its eggs are built. */
export const standIns = fileURLToPath(new URL('bin', import.meta.url))
