#!/usr/bin/env bash
# Runs a small job on the cluster, reads what it says from the observer of its slave, and kills it. Every wait is bounded.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_client.sh"
source "$here/lib_http.sh"

client="$ROOT${AURORA_HOME:?folder of the source tree}/dist/${CLIENT:?file of the client}"
: "${CLUSTER:?name of the cluster}" "${ROLE:?user that the job runs as}" "${OBSERVERS:?ADDRESS:PORT of every slave}"
: "${TIMEOUT:?seconds that the job may take to run}"
job="$CLUSTER/$ROLE/devel/smoke_test"
file="$(mktemp "$TMPDIR/smoke_test.XXXXXX")"
word="smoke-$$-$RANDOM"

main() {
  local task
  trap 'rm -f "$file"' EXIT
  write_job >"$file"
  aurora 60 'The client does not take the job' job inspect "$job" "$file"
  # An earlier test that was killed itself may have left it.
  within 120 "$client" job killall "$job" || printf 'Nothing was left by an earlier test.\n'
  trap 'rm -f "$file"; within 120 "$client" job killall "$job"' EXIT
  aurora "$TIMEOUT" "The job does not run within $TIMEOUT s" job create --wait-until=RUNNING "$job" "$file"
  find_task
  read_output
  trap 'rm -f "$file"' EXIT
  aurora 120 'The job runs, and cannot be killed' job killall "$job"
  printf 'The cluster runs jobs: %s ran on %s, its output was read there, and it was killed.\n' "$task" "${observer%:*}"
}

write_job() {
  cat <<JOB
say = Process(name = 'say', cmdline = 'while true; do echo $word; sleep 1; done')
task = SequentialTask(processes = [say], resources = Resources(cpu = 0.1, ram = 16*MB, disk = 16*MB))
jobs = [Service(cluster = '$CLUSTER', role = '$ROLE', environment = 'devel', name = 'smoke_test', instances = 1, task = task)]
JOB
}

# The observer of one slave knows it, after a moment.
find_task() {
  local deadline=$((SECONDS + 60)) ids
  while ((SECONDS < deadline)); do
    for observer in $OBSERVERS; do
      ids="$(http_get "${observer##*:}" /j/task_ids/active "${observer%:*}")" || continue
      task="$(grep -o "[^\"]*-$ROLE-devel-smoke_test-[^\"]*" <<<"$ids" | tail -n 1)" && return
    done
    sleep 0.5
  done
  fail "The job runs, but no observer knows it: asked $OBSERVERS." 'See with check-cluster whether an observer answers on every slave.'
}

# The page /logs/… shows it in browsers only, which ask here.
read_output() {
  local deadline=$((SECONDS + 60)) path="/logdata/$task/say/0/stdout?offset=0"
  while ((SECONDS < deadline)); do
    ! http_get "${observer##*:}" "$path" "${observer%:*}" | grep "$word" >/dev/null || return 0
    sleep 0.5
  done
  fail "The observer does not show what the job says: http://$observer$path."
}

main
