import type { Command } from './command.ts'

/** How each command is loaded, in the order in which help shows them: none pays for what another needs. */
export const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./commands/run.ts')).run,
  list: async () => (await import('./commands/list.ts')).list,
  graph: async () => (await import('./commands/graph.ts')).graph,
  why: async () => (await import('./commands/why.ts')).why,
  status: async () => (await import('./commands/status.ts')).status,
  logs: async () => (await import('./commands/logs.ts')).logs,
  cache: async () => (await import('./commands/cache.ts')).cache,
  init: async () => (await import('./commands/init.ts')).init,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  sandbox: async () => (await import('./commands/sandbox.ts')).sandbox,
}

export function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()))
}
