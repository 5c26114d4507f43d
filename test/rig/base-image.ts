import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { aptMirror } from './apt-mirror.ts'
import { docker, dockerLines } from './docker.ts'

const run = promisify(execFile)

/** All that decides what an image holds; its digest is in the tag, so that another recipe is another image. */
interface Recipe {
  suite: string
  packages: string[]
  setup: string
}

/** What hosts that do not reach a mirror can install. */
export const sitePackages = ['bison', 'flex', 'patch', 'unzip', 'zip']

/** Where apt finds these, as a line of sources.list. */
export const siteMirror = 'deb [trusted=yes] file:/srv/packages ./'

const host: Recipe = {
  suite: 'bookworm',
  packages: ['openssh-server', 'sudo', 'curl', 'procps'],
  setup: `
    rm -f /etc/ssh/ssh_host_* /var/cache/apt/archives/*.deb
    apt-get install --download-only --yes --no-install-recommends ${sitePackages.join(' ')}
    mkdir /srv/packages
    mv /var/cache/apt/archives/*.deb /srv/packages
    cd /srv/packages
    for file in *.deb; do
      dpkg-deb --field "$file"
      echo "Filename: ./$file"
      echo "Size: $(stat --format %s "$file")"
      echo "SHA256: $(sha256sum "$file" | cut --characters -64)"
      echo
    done >Packages
    useradd --create-home --shell /bin/bash jclouds
    echo 'jclouds ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/jclouds
    chmod 0440 /etc/sudoers.d/jclouds
  `,
}

/** As small as Debian's own image of the last release that has Python 2.7. */
const bullseye: Recipe = {
  suite: 'bullseye',
  packages: ['ca-certificates'],
  setup: 'rm -f /var/cache/apt/archives/*.deb',
}

/** The Docker image of a small Debian with sshd and a `jclouds` user who has sudo; made once, then kept. */
export function baseImage(): Promise<string> {
  return imageOf(host)
}

/** The Docker image of a Debian 11 with nothing added; made once, then kept. */
export function bullseyeImage(): Promise<string> {
  return imageOf(bullseye)
}

async function imageOf(recipe: Recipe): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
  const image = `aurora-mesosphere-test:${recipe.suite}-${digest}`
  const known = await dockerLines('images', '--quiet', image)
  if (known.length === 0) await makeImage(image, recipe)
  return image
}

/** By debootstrap, since images cannot be pulled everywhere that tests run. */
async function makeImage(image: string, recipe: Recipe): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'debian-'))
  const root = join(folder, 'root')
  const mirror = await aptMirror()
  try {
    await run(
      'debootstrap',
      ['--variant=minbase', `--include=${recipe.packages.join(',')}`, recipe.suite, root, mirror.url],
      { env: { ...process.env, ...mirror.env }, maxBuffer: 2 ** 26 },
    )
    await run('chroot', [root, 'sh', '-euc', recipe.setup], { env: { ...process.env, ...mirror.env } })
    await run('tar', ['--create', '--directory', root, '--file', join(folder, 'root.tar'), '.'])
    await docker('import', join(folder, 'root.tar'), image)
  } finally {
    await run('rm', ['-rf', '--one-file-system', folder])
  }
}
