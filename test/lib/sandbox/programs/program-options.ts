import type { SandboxOptions } from '../../../../lib/sandbox/options.ts'

/** Five hosts and a service on the first, as a real workspace has them. */
export function programOptions(changed: Partial<SandboxOptions> = {}): SandboxOptions {
  return {
    hosts: { master: 1, slaves: 4 },
    ports: ['web'],
    standIns: '/nowhere',
    config: () => ({}),
    furnish: async () => {},
    services: (host) =>
      host.role === 'master'
        ? [{ name: 'sample', argv: ['sh', '-c', 'echo >>starts; exec tail -f /dev/null'] }]
        : [],
    ...changed,
  }
}
