import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { type RunContext, refuse } from '../../lib/index.ts'

/** How the operator's Docker client finds its daemon. It decides nothing that Docker makes, so no key holds it. */
const variables = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'SSH_AUTH_SOCK',
]

/**
 * The Docker of one workspace. What it makes bears a label, by which the next run finds what a killed one has left. Files
 * go in and out by copy: the daemon may be another machine's, which does not see ours.
 */
export class Docker {
  readonly label: string
  readonly #$: RunContext<unknown>['$']
  readonly #docker: string[]
  readonly #platform: string

  /** @param platform of the containers, such as `linux/amd64` */
  constructor({ $, root }: Pick<RunContext<unknown>, '$' | 'root'>, platform: string) {
    this.#$ = $
    this.#platform = platform
    this.#docker = ['env', ...variables.flatMap(asGiven), 'docker']
    this.label = `aurora-mesosphere-eggs=${createHash('sha256').update(root).digest('hex').slice(0, 12)}`
  }

  async needToAnswer(): Promise<void> {
    const { exitCode, stderr } = await this.#$`${this.#docker} version --format ${'{{.Server.Version}}'}`
      .nothrow()
      .quiet()
    if (exitCode !== 0)
      refuse(
        `Mesos' eggs are built in Docker, and Docker does not answer here: ${lastLine(stderr)}`,
        'Either install Docker and start it, or give eggs that you have: `mesos: { eggs: ./my-eggs }` in the cluster file.',
      )
  }

  /** Runs a command in a container, whatever its end; an image that is not here is pulled. */
  try(image: string, command: string[]) {
    return this.#$`${this.#docker} run ${this.#common()} ${image} ${command}`.nothrow()
  }

  /** @returns the id of a container that was not started yet */
  async create(image: string, command: string[], options: string[] = []): Promise<string> {
    return this.#ask(['create', ...this.#common(), ...options, image, ...command])
  }

  /** Starts a container and waits for its end; what it says is logged. */
  async start(container: string): Promise<void> {
    await this.#$`${this.#docker} start --attach ${container}`
  }

  /** Copies what is in a local folder into a folder of the container, which is made. */
  async copyIn(folder: string, container: string, target: string): Promise<void> {
    await this.#ask(['cp', `${folder}/.`, `${container}:${target}`])
  }

  /** Copies what is in a folder of the container into a local folder. */
  async copyOut(container: string, source: string, folder: string): Promise<void> {
    await this.#ask(['cp', `${container}:${source}/.`, folder])
  }

  async commit(container: string, image: string): Promise<void> {
    await this.#ask(['commit', container, image])
  }

  /** The id of an image, which is a digest of all it holds; undefined where there is none. */
  async idOf(image: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.#$`${this.#docker} image inspect --format ${'{{.Id}}'} ${image}`
      .nothrow()
      .quiet()
    return exitCode === 0 ? stdout.trim() : undefined
  }

  /** Removes the images of this workspace but these. */
  async keepImages(ids: string[]): Promise<void> {
    const all = await this.#ask(['image', 'ls', '--quiet', '--no-trunc', '--filter', `label=${this.label}`])
    const others = [...new Set(all.split('\n'))].filter((id) => id !== '' && !ids.includes(id))
    if (others.length > 0) await this.#$`${this.#docker} image rm --force ${others}`.nothrow().quiet()
  }

  /** A volume of this workspace that stays from run to run. @param anew empty */
  async volume(name: string, anew: boolean): Promise<string> {
    const volume = `${this.label.replace('=', '-')}-${name}`
    if (anew) await this.#ask(['volume', 'rm', '--force', volume])
    return this.#ask(['volume', 'create', '--label', this.label, volume])
  }

  /** Not by `$`, which ends with the run: a cancelled build removes its containers, too. */
  readonly removeContainers = (): void => {
    const { stdout } = spawnSync('docker', ['ps', '--all', '--quiet', '--filter', `label=${this.label}`], {
      encoding: 'utf8',
    })
    const containers = stdout?.split('\n').filter(Boolean) ?? []
    if (containers.length > 0) spawnSync('docker', ['rm', '--force', '--volumes', ...containers])
  }

  #common(): string[] {
    return ['--label', this.label, '--platform', this.#platform]
  }

  async #ask(argv: string[]): Promise<string> {
    return (await this.#$`${this.#docker} ${argv}`.quiet()).stdout.trim()
  }
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!
}

function asGiven(name: string): string[] {
  const value = process.env[name]
  return value === undefined ? [] : [`${name}=${value}`]
}
