import { expect, vi } from 'vitest'
import type { Host, SandboxFacts } from '../../../lib/index.ts'
import { sandbox } from '../../../tasks/sandbox/index.ts'
import { portNames } from '../../../tasks/sandbox/ports.ts'
import { type Box, freePorts, type Started } from './box.ts'

export interface Node {
  host: Host
  facts: SandboxFacts
  /** Service name → what runs. */
  services: Record<string, Started>
}

export async function newFacts(box: Box): Promise<SandboxFacts> {
  return { root: box.root, folder: box.path('.cache/sandbox'), ports: await freePorts(portNames) }
}

/** Furnishes a box as a node of a cluster and starts its services. */
export async function startNode(box: Box, name: string, facts: SandboxFacts): Promise<Node> {
  const role = name === 'master' ? 'master' : 'slaves'
  const host = { name, role, address: '127.0.0.1', root: box.root }
  await sandbox.furnish(host, facts)
  const services = sandbox.services(host, facts).map(({ name, argv }) => [name, box.start(argv)] as const)
  return { host, facts, services: Object.fromEntries(services) }
}

/** What an address answers: its text, or its status when that is not 200; undefined while nobody is there. */
export async function ask(port: number, path: string, method = 'GET'): Promise<string | number | undefined> {
  const options = { method, redirect: 'manual' } as const
  const response = await fetch(`http://127.0.0.1:${port}${path}`, options).catch(() => undefined)
  return response && (response.status === 200 ? response.text() : response.status)
}

export async function askJson(port: number, path: string): Promise<any> {
  const answer = await ask(port, path)
  return typeof answer === 'string' ? JSON.parse(answer) : answer
}

/** Waits until a question has that answer. */
export async function becomes<T>(question: () => Promise<T> | T, answer: unknown): Promise<void> {
  await vi.waitFor(async () => expect(await question()).toEqual(answer), { timeout: 10_000, interval: 20 })
}
