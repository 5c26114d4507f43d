#!/usr/bin/env bash
# Keeps the scheduler running. It exits on purpose (once a day, or when it loses leadership), also with status 0.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=/dev/null
source "$here/scheduler.conf"
source "$here/lib.sh"
source "$here/lib_process.sh"
source "$here/lib_service.sh"
source "$here/lib_supervise.sh"

supervise scheduler "${SCHEDULER:?}" "${FLAGS[@]}"
