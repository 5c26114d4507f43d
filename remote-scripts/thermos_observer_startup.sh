#!/usr/bin/env bash
# Keeps the observer running, which shows the tasks of this slave.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=/dev/null
source "$here/observer.conf"
source "$here/lib.sh"
source "$here/lib_process.sh"
source "$here/lib_service.sh"
source "$here/lib_supervise.sh"

# Lost at every reboot where /var/run is in memory.
mkdir -p "${CHECKPOINTS:?}"
supervise observer "${OBSERVER:?}" "${OPTIONS[@]}"
