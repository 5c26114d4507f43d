/** Pieces of POSIX sh that several of our programs start with. */

/** Exit code of a program that had to become root and could not. */
export const needsPassword = 77

/** `rights_for FOLDER` sets `$as` to what must stand before a command that writes there: nothing, or sudo. */
export const rightsFor = `
rights_for() {
  nearest=$1
  while [ ! -e "$nearest" ]; do
    nearest=\${nearest%/*}
    nearest=\${nearest:-/}
  done
  as=''
  [ -w "$nearest" ] && return
  as='sudo -n'
  sudo -n true 2>/dev/null && return
  echo "$1" >&2
  exit ${needsPassword}
}
`

/** `put_in_place TEMP TARGET` renames over a file or link, and never moves into a folder. */
export const putInPlace = `
put_in_place() {
  $as mv -fT -- "$1" "$2" 2>/dev/null && return
  [ ! -d "$2" ] && $as mv -f -- "$1" "$2"
}
`

/** `digest` prints the SHA-256 of its stdin. */
export const digest = `
digest() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}
`

/**
 * `host_identity` prints a line that no two hosts share, however alike they are, and that one keeps until it is installed
 * anew; an empty one where it has none. `$root` is set by the caller.
 */
export const hostIdentity = `
host_identity() {
  set -- "$root/etc/machine-id" "$root/var/lib/dbus/machine-id" "$root"/etc/ssh/ssh_host_*_key.pub
  printf '%s\\n' "$(cat "$@" 2>/dev/null | head -n 1)"
}
`

/** `signatures` prints, for each path on its stdin, what changes whenever the file does: size|mtime|ctime|inode|mode|path. */
export const signatures = `
signatures() {
  if stat -c %s / >/dev/null 2>&1
  then tr '\\n' '\\0' | TZ=UTC0 LC_ALL=C xargs -0 stat -c '%s|%y|%z|%i|%f|%n' --
  else tr '\\n' '\\0' | TZ=UTC0 LC_ALL=C xargs -0 stat -f '%z|%Fm|%Fc|%i|%Xp|%N' --
  fi 2>/dev/null
}
`

/** `section NAME` starts a section of the output, see `readSections`; `$boundary` is set by the caller. */
export const section = `
section() { printf '\\n%s %s\\n' "$boundary" "$*"; }
`
