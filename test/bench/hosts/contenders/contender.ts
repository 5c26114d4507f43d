import type { Source } from '../../tools/tool.ts'

/** What puts the files of `payload/` into a folder of every host. */
export interface Contender {
  name: string
  comesFrom: Source
  /** Where it puts them: nobody else does. */
  target: string
  /** Its files, by path from the folder where it is started, beside `payload/`. */
  files(job: Job): Record<string, string>
  deploy(job: Job): string[]
  /** Where that is something else: to see that nothing is to be done. */
  check?(job: Job): string[]
  /** What it prints when there was nothing to do; without it, it does not say. */
  idle?(job: Job): RegExp
  /** Ends what it leaves running. */
  after?: string[]
}

export interface Job {
  /** Names that `ssh` knows. */
  hosts: string[]
  /** At a time. */
  forks: number
  /** Who may give out the files to the others. */
  giver: string
}
