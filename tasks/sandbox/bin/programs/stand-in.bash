# What the sandbox's stand-ins share. Sourced first by each; `${ROOT}` is the host's folder, empty on a host of its own.
# shellcheck shell=bash
set -euo pipefail

state="${ROOT:-}/var/lib/sandbox"

# Prints the program of this name that comes after the stand-in on PATH.
real() {
  local candidate
  while read -r candidate; do
    [[ $candidate -ef $0 ]] || { printf '%s\n' "$candidate"; return; }
  done < <(type -aP "$1")
  fail 127 "$1: not found besides the sandbox's stand-in"
}

# On a host of its own the real program does the work, when there is no folder to keep it in.
defer_without_root() {
  local program
  [[ -z ${ROOT:-} ]] || return 0
  program="$(real "${0##*/}")"
  exec "$program" "$@"
}

# Nothing is written on a machine that is no host of the sandbox.
require_furnished_host() {
  [[ -n ${ROOT:-} || -d $state ]] ||
    fail 100 'ROOT is not set and this machine is no host of the sandbox: nothing was done'
}

# record FILE LINE: adds the line to a file under /var/lib/sandbox, once.
record() {
  mkdir -p "$state"
  grep -qsFx -- "$2" "$state/$1" || printf '%s\n' "$2" >> "$state/$1"
}

# fail STATUS TEXT: ends the stand-in, saying whose words these are.
fail() {
  printf '%s: %s (the sandbox'"'"'s stand-in)\n' "${0##*/}" "$2" >&2
  exit "$1"
}
