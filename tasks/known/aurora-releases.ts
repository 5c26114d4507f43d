/** What differs between the releases of Aurora, as far as it is built and run here. */
export interface AuroraRelease {
  /** The only release of Mesos whose eggs it takes. */
  mesos: string
  /** The egg of Mesos that executors link. */
  linked: 'mesos.native' | 'mesos.executor'
  /** The JDK that builds it: the release before does not know its language, the next one's warnings are errors. */
  java: number
  /** The only Gradle that its build accepts. */
  gradle: string
  /** The only compiler of Thrift that its build uses. */
  thrift: string
  /** The task of Gradle that lays out the scheduler with its start script. */
  install: 'installApp' | 'installDist'
  clients: string[]
  /** The runner is not for slaves themselves: it goes inside the executor. */
  runner: string
  /** What slaves get. */
  executors: string[]
  /** Which options tell the observer where to look. */
  observer: ('root' | 'mesos-root')[]
  /** Slaves without the attributes `host` and `rack` get no task. */
  needsAttributes: boolean
  /** Flags of the scheduler by which it logs. */
  logFlags: Record<string, string>
  /** Options of the executor by which tasks announce themselves; ZooKeeper's address follows. */
  announcer: string
  /** Somebody has deployed it by these tasks. Of the others only their sources were read. */
  tested: boolean
}

const python = 'src/main/python/apache'

const v7: AuroraRelease = {
  mesos: '0.20.1',
  linked: 'mesos.native',
  java: 7,
  gradle: '2.2',
  thrift: '0.9.1',
  install: 'installApp',
  clients: [`${python}/aurora/client/cli:aurora`, `${python}/aurora/admin:aurora_admin`],
  runner: `${python}/thermos/bin:thermos_runner`,
  executors: [
    `${python}/aurora/executor/bin:thermos_executor`,
    `${python}/aurora/executor/bin:gc_executor`,
    `${python}/thermos/observer/bin:thermos_observer`,
  ],
  observer: ['root'],
  needsAttributes: true,
  logFlags: { logtostderr: 'true', vlog: 'INFO' },
  announcer: '--announcer-enable --announcer-ensemble',
  tested: true,
}
const v8: AuroraRelease = {
  ...v7,
  mesos: '0.22.0',
  gradle: '2.4',
  install: 'installDist',
  observer: ['root', 'mesos-root'],
  tested: false,
}
/** Tasks are reconciled without an executor for garbage. */
const v9: AuroraRelease = {
  ...v8,
  java: 8,
  gradle: '2.5',
  executors: v8.executors.filter((target) => !target.endsWith(':gc_executor')),
  needsAttributes: false,
}
const v10: AuroraRelease = {
  ...v9,
  mesos: '0.23.0',
  gradle: '2.7',
  clients: [`${python}/aurora/kerberos:kaurora`, `${python}/aurora/kerberos:kaurora_admin`],
  runner: `${python}/thermos/runner:thermos_runner`,
  executors: [`${python}/aurora/executor:thermos_executor`, `${python}/aurora/tools:thermos_observer`],
  observer: ['mesos-root'],
}
const v12: AuroraRelease = { ...v10, mesos: '0.25.0', gradle: '2.10', logFlags: {} }
const v13: AuroraRelease = { ...v12, mesos: '0.26.0', gradle: '2.12', announcer: '--announcer-ensemble' }
const v16: AuroraRelease = { ...v13, mesos: '1.0.0', linked: 'mesos.executor', gradle: '2.14' }
const v20: AuroraRelease = { ...v16, mesos: '1.4.0', gradle: '4.2', thrift: '0.10.0' }

export const auroraReleases: Record<string, AuroraRelease> = {
  '0.7.0-incubating': v7,
  '0.8.0': v8,
  '0.9.0': v9,
  '0.10.0': v10,
  '0.11.0': { ...v10, mesos: '0.24.1' },
  '0.12.0': v12,
  '0.13.0': v13,
  '0.14.0': { ...v13, mesos: '0.27.2' },
  '0.15.0': { ...v13, mesos: '0.28.2' },
  '0.16.0': v16,
  '0.17.0': { ...v16, mesos: '1.1.0', gradle: '3.1' },
  '0.18.0': { ...v16, mesos: '1.2.0', gradle: '3.1' },
  '0.19.0': { ...v16, mesos: '1.2.0', gradle: '4.2' },
  '0.20.0': v20,
  '0.21.0': { ...v20, mesos: '1.5.0' },
  '0.22.0': { ...v20, mesos: '1.6.1' },
}

export function releaseOf({ aurora }: { aurora: { version: string } }): AuroraRelease {
  return auroraReleases[aurora.version]!
}
