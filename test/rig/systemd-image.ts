import { createHash } from 'node:crypto'
import { aptMirror } from './apt-mirror.ts'
import { baseImage } from './base-image.ts'
import { ownedByUs } from './cluster/leftovers.ts'
import { docker, dockerLines } from './docker.ts'

const suite = 'bookworm'
const install = `
  printf 'deb %s ${suite} main\\n' "$MIRROR" >/etc/apt/sources.list
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends systemd-sysv
  apt-get clean
  rm -rf /var/lib/apt/lists/*
`

/** The base image with systemd as its init; made once, then kept. */
export async function systemdImage(): Promise<string> {
  const base = await baseImage()
  const digest = createHash('sha256')
    .update(base + install)
    .digest('hex')
    .slice(0, 12)
  const image = `aurora-mesosphere-test:systemd-${digest}`
  if ((await dockerLines('images', '--quiet', image)).length > 0) return image
  const { url, env } = await aptMirror()
  const variables = Object.entries({ ...env, MIRROR: url }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ])
  const name = `aurora-systemd-image-${process.pid}`
  await docker(
    'create',
    '--name',
    name,
    ...(await ownedByUs()),
    '--network',
    'host',
    ...variables,
    base,
    'sh',
    '-euc',
    install,
  )
  try {
    await docker('start', '--attach', name)
    await docker('commit', '--change', 'CMD ["/lib/systemd/systemd"]', name, image)
  } finally {
    await docker('rm', '--force', name)
  }
  return image
}
