import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProcess } from '../local/processes.ts'
import { refuse } from '../model/failure.ts'
import type { Host } from '../model/host.ts'
import { cleanBash } from './clean-bash.ts'
import type { SandboxService } from './options.ts'

/** A service on the host where it is to run, with the environment of that host's commands. */
export interface PlacedService {
  host: Host
  service: SandboxService
  env: Record<string, string>
}

export function withoutLiving(services: PlacedService[]): PlacedService[] {
  return services.filter((placed) => !isRunning(placed))
}

/**
 * Starts a service so that it outlives this process: a session of its own, no descriptor of ours, output to
 * `var/log/<name>.log`. It writes its number to `run/<name>.pid` before it becomes the service, so that none is ever
 * forgotten, even if this process is killed at once.
 */
export async function startService({ host, service, env }: PlacedService): Promise<void> {
  const log = openSync(logOf(host, service), 'a')
  try {
    const child = spawn('bash', cleanBash(becomeService, [pidFileOf(host, service), ...service.argv]), {
      cwd: host.root,
      env: { ...env, ...service.env, ...markOf(host, service) },
      detached: true,
      stdio: ['ignore', log, log],
    })
    child.unref()
    await once(child, 'spawn')
    // The child writes the same; but whoever looks next must not come before it.
    writeFileSync(pidFileOf(host, service), `${child.pid}\n`)
  } catch (error) {
    refuse(
      `${service.name} does not start on ${host.name} of the sandbox: ${(error as Error).message}`,
      `The command is: ${service.argv.join(' ')}`,
    )
  } finally {
    closeSync(log)
  }
}

const becomeService = 'echo $$ >"$0" && exec "$@"'

/** By its pid file, and by its environment: the number may be another process's by now. */
function isRunning({ host, service }: PlacedService): boolean {
  const pid = readPid(pidFileOf(host, service))
  const [[name, value]] = Object.entries(markOf(host, service)) as [[string, string]]
  return pid !== undefined && findProcess(pid)?.hasEnvironment(`${name}=${value}`) === true
}

function markOf(host: Host, service: SandboxService): Record<string, string> {
  return { AURORA_SANDBOX_SERVICE: join(host.root, service.name) }
}

function readPid(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function pidFileOf(host: Host, service: SandboxService): string {
  return join(host.root, 'run', `${service.name}.pid`)
}

function logOf(host: Host, service: SandboxService): string {
  return join(host.root, 'var', 'log', `${service.name}.log`)
}
