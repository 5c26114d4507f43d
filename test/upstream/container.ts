import { bullseyeImage } from '../rig/base-image.ts'
import { ownedByUs } from '../rig/cluster/leftovers.ts'
import { docker } from '../rig/docker.ts'

/** A Debian 11 without a network, in which bash runs. */
export interface Container {
  put(source: string, target: string): Promise<void>
  /** What the script writes. Where it fails, that is in the error. */
  run(script: string): Promise<string>
  /** The same for a script that must fail. */
  refusal(script: string): Promise<string>
  remove(): Promise<void>
}

/** Debian 11 with packages of its own. Whoever asks for it removes it. */
export async function imageWith(name: string, packages: string[]): Promise<string> {
  const install = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
  const container = await docker(
    'create',
    ...(await ownedByUs()),
    await bullseyeImage(),
    'sh',
    '-euc',
    install,
  )
  try {
    await docker('start', '--attach', container)
    return await docker('commit', container, `aurora-mesosphere-test:${name}-${process.pid}`)
  } finally {
    await docker('rm', '--force', container)
  }
}

export async function containerOf(image: string): Promise<Container> {
  const id = await docker(
    'run',
    '--detach',
    ...(await ownedByUs()),
    '--network',
    'none',
    image,
    'sleep',
    'infinity',
  )
  const run = (script: string) => docker('exec', id, 'bash', '-euc', `exec 2>&1; ${script}`)
  return {
    async put(source, target) {
      await docker('cp', source, `${id}:${target}`)
    },
    async run(script) {
      try {
        return await run(script)
      } catch (error) {
        throw new Error(saidBy(error).slice(-3000))
      }
    },
    async refusal(script) {
      const said = await run(script).catch((error: unknown) => ({ said: saidBy(error) }))
      if (typeof said === 'string') throw new Error(`It was done:\n${said.slice(-3000)}`)
      return said.said
    },
    async remove() {
      await docker('rm', '--force', id)
    },
  }
}

function saidBy(error: unknown): string {
  const { stdout, stderr } = error as { stdout: string; stderr: string }
  return `${stdout}${stderr}`
}
