import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const fleetOfTen = 'test/end-to-end/fleet-of-ten.test.ts'
const manyHosts = 'test/bench/hosts/**'
const containers = [
  'test/end-to-end/{deploy*,eggs-in-docker,life-of-a-cluster,sudo-password}.test.ts',
  fleetOfTen,
]

/** The programs that suites drive, the Debian package of each, and the suites that cannot do without it. */
const prerequisites = [
  {
    program: 'ssh',
    package: 'openssh-client',
    suites: ['test/lib/hosts/**', 'test/lib/sandbox/**', manyHosts, ...containers],
  },
  { program: 'sshd', package: 'openssh-server', suites: ['test/lib/hosts/**', manyHosts] },
  { program: 'busybox', package: 'busybox', suites: ['test/lib/hosts/digest-tools.test.ts'] },
  { program: 'wget', package: 'wget', suites: ['test/lib/hosts/relay.test.ts'] },
  { program: 'openssl', package: 'openssl', suites: ['test/lib/hosts/digest-tools.test.ts'] },
  { program: 'iptables', package: 'iptables', suites: ['test/lib/hosts/network-cut.test.ts', fleetOfTen] },
  { program: 'tc', package: 'iproute2', suites: [fleetOfTen, manyHosts] },
  ...['dash', 'fish', 'tcsh'].map((shell) => ({
    program: shell,
    package: shell,
    suites: ['quote', 'quoting', 'login-shells'].map((name) => `test/lib/hosts/${name}.test.ts`),
  })),
  { program: 'curl', package: 'curl', suites: ['test/remote-scripts/aurora_health.test.ts', manyHosts] },
  { program: 'dockerd', package: 'docker.io', suites: containers },
  { program: 'debootstrap', package: 'debootstrap', suites: containers },
  { program: 'make', package: 'make', suites: ['test/bench/**'] },
  {
    program: 'python3',
    package: 'python3-minimal',
    suites: ['test/bench/**', 'test/remote-scripts/thermos_check.test.ts'],
  },
  { program: 'shellcheck', package: 'shellcheck', suites: ['test/remote-scripts/shell-rules.test.ts'] },
]

const isRoot = process.getuid?.() === 0

/**
 * Installs what is missing, where that is ours to do: as root on Debian and its like.
 * @returns what is still missing: `{ without, suites, enable }`
 */
export function prepare() {
  const missing = prerequisites.filter(({ program }) => !onPath(program))
  if (missing.length > 0 && isRoot && isDebian()) install(missing.map((one) => one.package))
  if (isRoot && onPath('sshd')) mkdirSync('/run/sshd', { recursive: true })
  return [
    ...prerequisites.filter(({ program }) => !onPath(program)).map(toSkip),
    ...(isRoot ? [] : [needsRoot]),
  ]
}

const needsRoot = {
  without: 'root',
  suites: [...containers, 'test/lib/hosts/no-space.test.ts', manyHosts],
  enable: 'sudo npm test (debootstrap, dockerd and mount need it)',
}

function toSkip(one) {
  const enable = isDebian() ? `sudo apt-get install -y ${one.package}` : `install \`${one.program}\``
  return { without: one.program, suites: one.suites, enable }
}

function install(packages) {
  console.log(`Installing what the tests need by apt-get: ${packages.join(' ')}`)
  aptGet('update')
  aptGet('install', '-y', '--no-install-recommends', ...packages)
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' })
  if (status !== 0) console.error(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`)
}

function isDebian() {
  if (!existsSync('/etc/os-release')) return false
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => isExecutable(join(folder, program)))
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
