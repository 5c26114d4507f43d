# What chown and chgrp share: the paths must exist, the owner is recorded, never set.
# shellcheck shell=bash
source "${BASH_SOURCE[0]%/*}/stand-in.bash"
defer_without_root "$@"

recursive=''
while [[ ${1:-} == -* ]]; do
  case $1 in
    -R | --recursive) recursive=' -R' ;;
    -h | -H | -L | -P | -f | -v | --no-dereference) ;;
    --) shift; break ;;
    *) fail 1 "unknown option $1" ;;
  esac
  shift
done
(( $# > 1 )) || fail 1 'missing operand'
owner=$1
shift
for path; do
  [[ -e $path || -L $path ]] || fail 1 "cannot access '$path': No such file or directory"
  if [[ $path != /* ]]; then path="$PWD/$path"; fi
  [[ $path == "$ROOT"* ]] || fail 1 "'$path' is outside this host"
  record owners "${0##*/}$recursive $owner ${path#"$ROOT"}"
done
