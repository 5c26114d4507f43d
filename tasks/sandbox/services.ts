import type { Host, SandboxService } from '../../lib/index.ts'

/** What runs on a node of a Mesos cluster before anybody thinks of Aurora. Their settings lie in the host's /etc. */
export function services(host: Host): SandboxService[] {
  const mesos = `${host.root}/usr/bin/mesos-init-wrapper`
  if (host.role !== 'master') return [{ name: 'mesos-slave', argv: [mesos, 'slave'] }]
  return [
    { name: 'zookeeper', argv: [`${host.root}/usr/share/zookeeper/bin/zkServer.sh`, 'start-foreground'] },
    { name: 'mesos-master', argv: [mesos, 'master'] },
  ]
}
