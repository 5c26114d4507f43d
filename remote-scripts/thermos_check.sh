#!/usr/bin/env bash
# Goes through what must be true on a slave of a cluster that works. Changes nothing.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_process.sh"
source "$here/lib_service.sh"
source "$here/lib_http.sh"
source "$here/lib_mesos.sh"
source "$here/lib_check.sh"

release="$ROOT${EXECUTORS:?folder of the releases}/current"
: "${PORT:?of the observer}" "${ROLE:?user that jobs run as}" "${SLAVE_ROOT?work_dir that clients know}"
: "${PUBLISHED?URI of the executor, where slaves fetch it; else empty}"

main() {
  local state file
  state="$(slave_state)" || state=''
  check 'the Mesos slave answers' 'Start it: sudo service mesos-slave start.' [ -n "$state" ]
  check "clients look for sandboxes where it keeps them, in $SLAVE_ROOT" 'Run build-client.' \
    [ "$(work_dir_in "$state")" = "$SLAVE_ROOT" ]
  check 'Python 2.7 is on the path' 'Install python2.7: executors run on it.' command -v python2.7
  while read -r _ file; do
    check "$file is what was built, and a program" 'Run distribute.' is_whole "$file"
  done < <(cat "$release/SHA256SUMS" 2>/dev/null)
  if [[ -z "$PUBLISHED" ]]; then
    check 'the runner is inside the executor' 'Run build-thermos, and what follows.' holds_runner
    check 'the executor starts, with all that it links' "See what it says: ${release#"$ROOT"}/thermos_executor.pex --help" \
      executor_starts
  else
    check "the executor is to be had at $PUBLISHED" 'Run package-executor; see whether this slave reaches the store.' is_published
  fi
  check "there is a user $ROLE" 'Make one, or run jobs as a user that every slave has.' getent passwd "$ROLE"
  check 'the observer is kept running' 'Run start.' service_runs observer
  check 'the observer answers' "See the end of ${log_folder#"$ROOT"}/observer.log, then run start." "$here/aurora_health.sh" "$PORT"
  conclude 'This slave'
}

is_whole() {
  [[ -x "$release/$1" ]] && grep -qxF "$(sha256 "$release/$1")  $1" "$release/SHA256SUMS"
}

holds_runner() {
  grep -qaF apache/aurora/executor/resources/thermos_runner.pex "$release/thermos_executor.pex"
}

# Whether it is there, without bringing it. How Hadoop is asked is Mesos' own affair.
is_published() {
  [[ "$PUBLISHED" != http* ]] || curl --silent --fail --head --noproxy '*' --max-time 10 "$PUBLISHED"
}

# As root, as slaves do; what it unpacks goes where the observer unpacks.
executor_starts() {
  as_root env PEX_ROOT="$ROOT/var/cache/aurora/pex" "$release/thermos_executor.pex" --help 2>&1 | grep -q -e '--announcer'
}

main
