import type { Remote } from './remote.ts'
import { mustRun } from './remote.ts'
import { leftovers, rightsFor } from './shell-parts.ts'

/** Where all that we keep on a host lies, less its root. */
export const stateFolder = '/var/lib/aurora-mesosphere'

/**
 * Makes the folders that we write to, once per remote. Where that takes root it is done by sudo, and what is made
 * belongs to the login user. What was broken off there long ago is removed.
 */
export function ensureStateFolder(remote: Remote): Promise<void> {
  let making = made.get(remote)
  if (!making) {
    making = mustRun(remote, `mkdir -p ${remote.state}`, stateFolderProgram, [remote.state], {
      mayBeRoot: true,
    }).then(() => {})
    making.catch(() => made.delete(remote))
    made.set(remote, making)
  }
  return making
}

/** Makes them where the host is to remember by whom it was changed. */
export async function ensureFence(remote: Remote): Promise<void> {
  if (remote.hold.token !== undefined) await ensureStateFolder(remote)
}

const made = new WeakMap<Remote, Promise<void>>()

/** Minutes for which what was broken off is kept, so that it can be gone on with: a day. */
export const keptMinutes = 24 * 60

export const stateFolderProgram = `${rightsFor}${leftovers}
umask 022
set -e
set -- "$1" "$1/receipts" "$1/jobs" "$1/store" "$1/lease" "$1/fence"
rights_for "$1"
[ -n "$as" ] || mkdir -p "$@"
for folder; do
  [ ! -w "$folder" ] || continue
  rights_for "$folder"
  $as mkdir -p "$folder"
  [ -z "$as" ] || $as chown "$(id -u):$(id -g)" "$folder"
done
chmod 700 "$1/jobs" "$1/store"
cd "$1"
leftovers ${keptMinutes} | while IFS= read -r left; do
  rm -rf "$left"
done
`
