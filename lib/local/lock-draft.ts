import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Holder, lockText, placeOf, type Unended } from './lock-claim.ts'

/** A lock before it lies in its place, where its whole content is to be at the very moment that its name is. */
export interface Draft {
  file: string
  write(unended: Unended): void
}

/** Lets a draft be used, and removes it. */
export function withDraft<T>(path: string, holder: Holder, use: (draft: Draft) => T): T {
  const file = `${path}.${holder.run}`
  mkdirSync(dirname(path), { recursive: true })
  const place = placeOf(path)
  try {
    return use({ file, write: (unended) => writeFileSync(file, lockText({ ...holder, unended, ...place })) })
  } finally {
    rmSync(file, { force: true })
  }
}

/** False where something lies already. */
export function putInPlace({ file }: Draft, path: string): boolean {
  try {
    linkSync(file, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
