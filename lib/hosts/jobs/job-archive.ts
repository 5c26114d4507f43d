import { readFile } from 'node:fs/promises'
import { pack } from 'tar-stream'
import type { Digest } from '../../model/digest.ts'
import { digestOf } from '../../model/digest.ts'
import { refuse } from '../../model/failure.ts'
import type { ScriptJob } from '../../model/host-session.ts'
import { canonicalJson } from '../../model/json.ts'
import { quote } from '../ssh/quote.ts'

export interface JobArchive {
  /** Names the job on the host: the same task, key, scripts and arguments, as often as before, are the same job. */
  id: string
  /** A tar file of all that the job is. */
  tar: Buffer
}

export async function packJob(job: ScriptJob): Promise<JobArchive> {
  const scripts = await Promise.all(
    Object.entries(job.files).map(async ([name, path]) => ({ name, content: await readFile(path) })),
  )
  const files = Object.fromEntries(scripts.map(({ name, content }) => [name, digestOf(content)]))
  return { id: jobId(job, files), tar: await tarOf(job, scripts) }
}

/** How much of a key tells it apart in the name of a job. */
export const keyLength = 16

function jobId({ task, key, script, args, nth }: ScriptJob, files: Record<string, Digest>): string {
  const rest = digestOf(canonicalJson({ key, script, args, files, nth }))
  return `${task}.${key.slice(0, keyLength)}.${rest.slice(0, 16)}`
}

/** The environment comes last: where it is, everything is. */
async function tarOf(job: ScriptJob, scripts: { name: string; content: Buffer }[]): Promise<Buffer> {
  const tar = pack()
  for (const { name, content } of scripts) tar.entry({ name: `scripts/${name}`, mode: 0o700 }, content)
  tar.entry({ name: 'run', mode: 0o600 }, runner)
  tar.entry({ name: 'env', mode: 0o600 }, environment(job.env))
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function environment(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        refuse(`\`${name}\` cannot be the name of a variable.`, 'Use letters, digits and `_` only.')
      return `export ${name}=${quote(value)}\n`
    })
    .join('')
}

/** Runs the script, in the job's folder and its own session, and leaves its exit code when it is over. */
export const runner = `
. ./env
rm -f env
umask 022
script=$1
shift
(cd scripts && exec bash "./$script" "$@")
echo $? >exit.new && mv -f exit.new exit
`
