#!/usr/bin/env bash
# The sandbox's update-rc.d: records what would start when a host boots. A folder never does.
source "${BASH_SOURCE[0]%/*}/programs/stand-in.bash"
defer_without_root "$@"

[[ $# == 2 && ${2:-} =~ ^(defaults|remove)$ ]] || fail 1 'usage: update-rc.d NAME defaults|remove'
[[ -x $ROOT/etc/init.d/$1 || $2 == remove ]] || fail 1 "/etc/init.d/$1 is not there, or cannot be executed"
record services "$1 $2"
