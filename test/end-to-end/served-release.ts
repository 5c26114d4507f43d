import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface ServedRelease {
  url: string
  sha256: string
  close(): void
}

/** The source release in `mesos-source/`, packed as upstream packs one, and served on loopback. */
export async function serveMesosRelease(): Promise<ServedRelease> {
  const { stdout: bytes } = await promisify(execFile)(
    'tar',
    ['-c', '-z', '--transform', 's,^[.],mesos-0.20.1,', '-C', source, '.'],
    { encoding: 'buffer', maxBuffer: 2 ** 24 },
  )
  const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mesos-0.20.1.tar.gz`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    close: () => server.close(),
  }
}

const source = fileURLToPath(new URL('mesos-source', import.meta.url))
