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
: "${FILES:?names of those that a release has}"
: "${PORT:?of the observer}" "${ROLE:?user that jobs run as}" "${SLAVE_ROOT?work_dir that clients know}"
: "${PUBLISHED?URI of the executor, where slaves fetch it; else empty}"

main() {
  local state file
  state="$(slave_state)" || state=''
  check 'the Mesos slave answers' 'Start it: sudo service mesos-slave start.' [ -n "$state" ]
  check 'it is healthy' 'See the end of its log.' slave_get '/slave(1)/health'
  check "clients look for sandboxes where it keeps them, in $SLAVE_ROOT" 'Run build-client.' \
    [ "$(work_dir_in "$state")" = "$SLAVE_ROOT" ]
  check 'Python 2.7 is on the path' 'Install python2.7: executors run on it.' command -v python2.7
  check 'a release is installed' 'Run start: it brings that first.' [ -s "$release/SHA256SUMS" ]
  for file in $FILES; do
    check "$file is what was built, and a program" 'Run start: it brings that first.' is_whole "$file"
  done
  if [[ -z "$PUBLISHED" ]]; then
    check 'the runner is inside the executor' 'Run build-thermos, and what follows.' holds_runner
    check_libraries
    check 'the executor starts' "See what it says: ${release#"$ROOT"}/thermos_executor.pex --help" executor_starts
  else
    check_published
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

# Mesos' native code in it was linked elsewhere. The pex need not be loadable for this, so it comes before.
check_libraries() {
  local what='the libraries that the executor links are on this slave' folder missing
  folder="$(mktemp -d "$TMPDIR/executor.XXXXXX")"
  # shellcheck disable=SC2064 # what it is now
  trap "rm -rf '$folder'" EXIT
  if ! command -v ldd >/dev/null; then
    not_checked "$what" 'there is no ldd.'
  elif ! unpack_native_code "$folder/_mesos.so" 2>/dev/null; then
    not_checked "$what" "mesos/native/_mesos.so could not be unpacked from it into ${TMPDIR#"$ROOT"}."
  else
    missing="$(ldd "$folder/_mesos.so" 2>&1 | awk '/not found|not a dynamic/ { $1 = $1; printf "%s; ", $0 }')"
    check "$what" "ldd says: ${missing%; }. Install that, or build the eggs for the platform that this slave has." [ -z "$missing" ]
  fi
  rm -rf "$folder"
}

unpack_native_code() {
  python2.7 -c 'import shutil, sys, zipfile
executor = zipfile.ZipFile(sys.argv[1])
[code] = [name for name in executor.namelist() if name.endswith("/mesos/native/_mesos.so")]
shutil.copyfileobj(executor.open(code), open(sys.argv[2], "wb"))' "$release/thermos_executor.pex" "$1"
}

# Whether it is there, without bringing it. How Hadoop is asked is Mesos' own affair.
check_published() {
  local what="the executor is to be had at $PUBLISHED"
  if [[ "$PUBLISHED" != http* ]]; then
    not_checked "$what" "only Mesos' fetcher knows how to ask there."
  elif ! command -v curl >/dev/null; then
    not_checked "$what" 'there is no curl.'
  else
    check "$what" 'Run package-executor; see whether this slave reaches the store.' \
      curl --silent --fail --head --noproxy '*' --max-time 10 "$PUBLISHED"
  fi
  not_checked 'the executor starts, and the libraries that it links are on this slave' \
    "Mesos' fetcher brings it for each task: run smoke-test."
}

# As root, as slaves do; what it unpacks goes where the observer unpacks. That it says its options is the proof, whatever its
# status; read to the end, as not all programs bear it when nobody does.
executor_starts() {
  { as_root env PEX_ROOT="$ROOT/var/cache/aurora/pex" "$release/thermos_executor.pex" --help 2>&1 || true; } |
    grep -e '--announcer' >/dev/null
}

main
