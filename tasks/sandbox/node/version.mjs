import { readFileSync } from 'node:fs'

/** The release that this miniature stands for: written beside it when a host is furnished. */
export const version = readFileSync(new URL('VERSION', import.meta.url), 'utf8').trim()
