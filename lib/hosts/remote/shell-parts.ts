import { digestOf } from '../../model/digest.ts'
import { maySudo } from './sudo.ts'

/** Pieces of POSIX sh that several of our programs start with. What they start costs more than all that they do themselves. */

const digestOfNothing = digestOf('')

/** Exit code of a program that had to become root and could not. */
export const needsPassword = 77

/** Exit code of a program whose run has lost the lease of its cluster. */
export const fenced = 76

/**
 * Stands before every program that changes its host, see `runProgram`: takes its first two arguments, and ends it where
 * somebody with a higher token has been. It marks first and looks second, so that of two that come at the same moment the
 * later owner's passes. `still_ours` does it once more: for programs that wait for their input before they act.
 */
export const fence = `
fence=$1/fence token=$2
shift 2
still_ours() {
  [ -n "$token" ] || return 0
  : >"$fence/$token" || exit
  for mark in "$fence"/*; do
    mark=\${mark##*/}
    case $mark in *[!0-9]*) continue ;; esac
    if [ "$mark" -lt "$token" ]; then rm -f "$fence/$mark"
    elif [ "$mark" -gt "$token" ]; then
      rm -f "$fence/$token"
      echo "token $token is past: $mark has been here" >&2
      exit ${fenced}
    fi
  done
}
still_ours
`

/** `rights_for FOLDER` sets `$as` to what must stand before a command that writes there: nothing, or sudo. */
export const rightsFor = `${maySudo}
rights_for() {
  nearest=$1
  while [ ! -e "$nearest" ]; do
    nearest=\${nearest%/*}
    nearest=\${nearest:-/}
  done
  as=''
  [ -w "$nearest" ] && return
  may_sudo && as=$sudo && return
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

/** Exit code of a program on a host where nothing makes digests. */
export const needsDigests = 78

/**
 * `digest` prints the SHA-256 of its stdin, by the first program for it that works: openssl is several times as fast as the
 * others where the processor has instructions for it. For paths on their stdin, `digests` and `digests_of_many` print
 * `digest  path`; the latter is fast with small files. A path that begins with `\` has its backslashes doubled, as
 * sha256sum does it.
 */
export const digest = `
sha256() {
  case $1 in
    sha256sum) sha256sum ;;
    shasum) shasum -a 256 ;;
    openssl) openssl dgst -sha256 -r ;;
    busybox) busybox sha256sum ;;
    perl) perl -MDigest::SHA -e 'print Digest::SHA->new(256)->addfile(*STDIN, "b")->hexdigest' ;;
    *) "$1" -c 'import hashlib, os
hash = hashlib.sha256()
for piece in iter(lambda: os.read(0, 1 << 20), b""): hash.update(piece)
print(hash.hexdigest())' ;;
  esac
}
digest() {
  sum=$(sha256 "$digester")
  printf '%s\\n' "\${sum%% *}"
}
makes_digests() {
  digester=$1
  command -v "$1" >/dev/null && [ "$(digest </dev/null 2>/dev/null)" = ${digestOfNothing} ]
}
for candidate in openssl sha256sum shasum busybox python3 python2.7 python perl ''; do
  [ -n "$candidate" ] || exit ${needsDigests}
  makes_digests "$candidate" && break
done
digests() {
  while IFS= read -r path; do
    sum=$(digest <"$path") && [ -n "$sum" ] && printf '%s  %s\\n' "$sum" "$path"
  done 2>/dev/null
}
digests_of_many() (
  if makes_digests sha256sum; then tr '\\n' '\\0' | xargs -0 sha256sum --
  elif makes_digests shasum; then tr '\\n' '\\0' | xargs -0 shasum -a 256 --
  else digester=$candidate && digests
  fi 2>/dev/null
)
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

/**
 * `signatures` prints, for each path on its stdin, what changes whenever the file does: size|mtime|ctime|inode|mode|path.
 * `signature FILE` prints the same of one, less its path.
 */
export const signatures = `
signature() {
  TZ=UTC0 LC_ALL=C stat -c '%s|%y|%z|%i|%f' -- "$1" 2>/dev/null ||
    TZ=UTC0 LC_ALL=C stat -f '%z|%Fm|%Fc|%i|%Xp' -- "$1" 2>/dev/null
}
signatures() {
  if stat -c %s / >/dev/null 2>&1
  then tr '\\n' '\\0' | TZ=UTC0 LC_ALL=C xargs -0 stat -c '%s|%y|%z|%i|%f|%n' --
  else tr '\\n' '\\0' | TZ=UTC0 LC_ALL=C xargs -0 stat -f '%z|%Fm|%Fc|%i|%Xp|%N' --
  fi 2>/dev/null
}
`

/** `tell_platform` prints the sections that `platformIn` reads; `$root` is set by the caller. */
export const tellPlatform = `
tell_platform() {
  section release
  cat "$root/etc/os-release" 2>/dev/null || cat /etc/os-release 2>/dev/null
  section kernel
  uname -s
  uname -r
  uname -m
}
`

/** `section NAME` starts a section of the output, see `readSections`; `$boundary` is set by the caller. */
export const section = `
section() { printf '\\n%s %s\\n' "$boundary" "$*"; }
`

/**
 * `space PATH…` prints, for the disk of the nearest folder that exists of each: free kilobytes, free inodes or -, where it is
 * mounted.
 */
export const space = `
space() {
  for folder; do
    shift
    while [ ! -d "$folder" ]; do folder=\${folder%/*}; folder=\${folder:-/}; done
    set -- "$@" "$folder"
  done
  { df -Pi "$@" 2>/dev/null; echo; LC_ALL=C df -Pk "$@"; } | awk '
    NF == 0 { isSize = 1; line = 0; next }
    line++ == 0 { next }
    !isSize { inodes[line] = $2 > 0 ? $4 : "-"; next }
    { kb = $4; sub(/.*% +/, ""); print kb, (line in inodes ? inodes[line] : "-"), $0 }'
}
`

/**
 * `leftovers MINUTES` prints, from our folder on a host, what transfers, receipts and starts of jobs that were broken off
 * have left there, and nobody has touched for so long.
 */
export const leftovers = `
leftovers() {
  find store receipts jobs \\( -path 'jobs/.[no][el][wd].*' -prune -o \\
    -type f \\( -path 'store/*.part' -o -path 'store/*.copy' -o -path 'receipts/*.????????????' \\) \\) -mmin "+$1"
} 2>/dev/null
`
