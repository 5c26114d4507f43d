/** Names of folders that no input ever comes from, and at the root no output. */
export const reserved = ['.cache', '.git', 'node_modules']

/** Whether they are left out everywhere, or at the root only. */
export type Reserved = 'everywhere' | 'at the root'
