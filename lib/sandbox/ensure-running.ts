import { completeManifest, completeSandbox } from './complete.ts'
import { hostEnvironment } from './environment.ts'
import type { Manifest } from './manifest.ts'
import type { Plan } from './plan.ts'
import { factsOf } from './plan.ts'
import type { PlacedService } from './services.ts'
import { startService, withoutLiving } from './services.ts'
import { withStartLock } from './start-lock.ts'

/** Makes what is missing of a sandbox and starts the services that do not live. Mostly there is nothing to do. */
export async function ensureRunning(plan: Plan): Promise<Manifest> {
  const manifest = completeManifest(plan)
  if (manifest && missingServices(plan, manifest).length === 0) return manifest
  return withStartLock(plan.layout.lock, async () => {
    // Once more: whoever held the lock until now may have done it all.
    const manifest = completeManifest(plan) ?? (await completeSandbox(plan))
    await Promise.all(missingServices(plan, manifest).map(startService))
    return manifest
  })
}

function missingServices(plan: Plan, manifest: Manifest): PlacedService[] {
  const { layout, options, hosts } = plan
  const facts = factsOf(plan, manifest.ports)
  return withoutLiving(
    hosts.flatMap((host) => {
      const env = hostEnvironment(host, layout, options.standIns)
      return options.services(host, facts).map((service) => ({ host, service, env }))
    }),
  )
}
