// The compiler that the real pants generates Python with. It lies below the home of whoever builds, or is downloaded.
import { accessSync, constants, readFileSync } from 'node:fs'
import { homedir, machine } from 'node:os'
import { join } from 'node:path'
import { fail } from './fail.mjs'

/** Nothing is generated here; but where no index may be asked, what a download would bring is missed. */
export function requireThrift(root) {
  const ini = readFileSync(join(root, 'pants.ini'), 'utf8')
  if (!/^indices: \[\]$/m.test(ini)) return
  const version = /^version: (.*)$/m.exec(ini)[1]
  const compiler = join(homedir(), '.pants.d/bin/thrift/linux', machine(), version, 'thrift')
  try {
    accessSync(compiler, constants.X_OK)
  } catch {
    fail(`Failed to fetch binary thrift ${version}: there is none at ${compiler}, and no network`)
  }
}
