import { posix } from 'node:path'
import { badTask } from './bad-task.ts'
import { type Flaw, flaw, within } from './shape.ts'
import type { Download, Task } from './task.ts'

/** What a task can never be, whatever its functions return. */
export function contradiction({ skip, collect }: Record<string, unknown>): Flaw | undefined {
  if (skip === undefined || collect === undefined) return undefined
  return within(
    'skip',
    flaw(
      'cannot be beside `collect`: where it is skipped, what it once brought home would belong to nobody',
      'Bring files home by a task that is never skipped.',
    ),
  )
}

interface Together {
  env: string[]
  secrets: string[]
  downloads: Download[]
  collect: { files: string[]; into: string }
}

/** Refuses declarations of which each may be, but not together, or not alone. */
export function refuseContradictions(task: Task, { env, secrets, downloads, collect }: Together): void {
  if (secrets.length + downloads.length + collect.files.length === 0) return
  const refuse = (place: string, problem: string, advice: string) => {
    throw badTask(task, { place, problem, advice })
  }
  const told = secrets.find((name) => env.includes(name))
  if (told !== undefined)
    refuse(
      'inputs.secrets',
      `holds \`${told}\`, and so does \`inputs.env\``,
      'What is secret must not be in a key: choose one.',
    )
  const download = repeated(downloads.map(({ name }) => name))
  if (download !== undefined)
    refuse('inputs.downloads', `has two of the name \`${download}\``, 'Give each a name of its own.')
  const unchecked = downloads.find(({ sha256, sha1 }) => !sha256 && !sha1)
  if (unchecked)
    refuse(
      'inputs.downloads',
      `has no digest for \`${unchecked.name}\`, so that anything would be taken for it`,
      'Get the file from where you trust it, check its signature, and give what `sha256sum` says of it as `sha256`.',
    )
  const name = repeated(collect.files.map((path) => posix.basename(path)))
  if (name !== undefined)
    refuse(
      'collect.files',
      `has two files that would be \`${posix.join(collect.into, name)}\``,
      'Let one of them have another name on the host.',
    )
}

function repeated(names: string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}
