/** What any of the actions on the cache works with. */
export interface CacheRequest {
  root: string
  /** How large the cache may grow, in bytes. */
  limit: number
  maxSize: number | undefined
  /** In ms. */
  maxAge: number | undefined
  format: 'text' | 'json'
}
