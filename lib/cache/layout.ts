import { join } from 'node:path'

/** Where everything lies under `.cache`. All of it may be deleted at any time; it then costs a new run. */
export interface CacheLayout {
  folder: string
  blobs: string
  records: string
  logs: string
  downloads: string
  /** Half-written things; emptied by whoever holds the lock. */
  temporary: string
  lock: string
  digests: string
  definitions: string
  glances: string
  /** Where a survey looks. */
  survey: string
  /** How large the cache is, at most. */
  size: string
  /** What the workspace's compiled entry, `entry.js` beside it, was made from. */
  entry: string
  compiled: string
}

export function cacheLayout(root: string): CacheLayout {
  const folder = join(root, '.cache')
  const inside = (name: string) => join(folder, name)
  return {
    folder,
    blobs: inside('blobs'),
    records: inside('records'),
    logs: inside('logs'),
    downloads: inside('downloads'),
    temporary: inside('tmp'),
    lock: inside('lock'),
    digests: inside('digests'),
    definitions: inside('definitions.json'),
    glances: inside('glances'),
    survey: inside('survey.json'),
    size: inside('size.json'),
    entry: inside('entry.json'),
    compiled: inside('entry.js'),
  }
}
