#!/usr/bin/env bash
# Goes through what must be true on the master of a cluster that works. Changes nothing.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_process.sh"
source "$here/lib_service.sh"
source "$here/lib_http.sh"
source "$here/lib_check.sh"

dist="$ROOT${AURORA_HOME:?folder of the source tree}/dist"
: "${CLUSTER:?its name}" "${VERSION:?of Aurora}" "${MESOS_VERSION:?}" "${ENDPOINTS:?of ZooKeeper}" "${HTTP_PORT:?}"
: "${SLAVES:?how many there are}" "${NEEDED_ATTRIBUTES?names, or nothing}"

main() {
  local endpoint name
  for endpoint in ${ENDPOINTS//,/ }; do
    check "ZooKeeper answers at $endpoint" 'Start it: nothing works without it.' zookeeper_answers "$endpoint"
  done
  check_mesos
  check 'the scheduler is kept running' 'Run start.' service_runs scheduler
  for name in framework_registered scheduler_lifecycle_ACTIVE; do
    check "the scheduler says: $name 1" "See the end of ${log_folder#"$ROOT"}/scheduler.log, then run start." \
      "$here/aurora_health.sh" "$HTTP_PORT" "$name"
  done
  check 'the scheduler gets offers' 'Look in the log of the Mesos master for what it offers to whom.' positive scheduler_resource_offers
  check "clients are of Aurora $VERSION" 'Run build-client.' says "$VERSION" "$dist/aurora.pex" --version
  check 'clients find the scheduler' 'Run build-client, and start.' \
    says 'Found leading scheduler at' "$dist/aurora_admin.pex" get_scheduler "$CLUSTER"
  conclude 'The master'
}

check_mesos() {
  local state stats name
  state="$(mesos_get /master/state.json)" || state=''
  stats="$(mesos_get /master/stats.json)" || stats=''
  check 'the Mesos master answers' 'Start it: sudo service mesos-master start.' [ -n "$state" ]
  [[ -n "$state" ]] || return 0
  check "it is Mesos $MESOS_VERSION" 'Install that version, or say in the cluster file which it is.' \
    [ "$(field version <<<"$state")" = "$MESOS_VERSION" ]
  check 'it leads' 'Deploy to the master that leads.' [ "$(field elected <<<"$stats")" = 1 ]
  check "it has $SLAVES slaves" 'Start mesos-slave where it does not run; all must name the same ZooKeeper.' \
    [ "$(field activated_slaves <<<"$stats")" = "$SLAVES" ]
  for name in $NEEDED_ATTRIBUTES; do
    check "every slave has the attribute $name" 'Run start: it says on which slave it is missing, and what to do.' \
      [ "$(attributes "$name" <<<"$state" | wc -l)" -ge "$SLAVES" ]
  done
  check 'no two slaves have the same attribute host' 'Give each its own: Aurora takes two with the same for one.' \
    [ -z "$(attributes host <<<"$state" | sort | uniq -d)" ]
  check 'Aurora is registered with it' 'Run start.' grep -qE '"name": *"(TwitterScheduler|Aurora)"' <<<"$state"
}

mesos_get() {
  http_get "$(cat "$ROOT/etc/mesos-master/port" 2>/dev/null || echo 5050)" "$1" \
    "$(cat "$ROOT/etc/mesos-master/ip" 2>/dev/null || echo 127.0.0.1)"
}

# attributes NAME: that attribute of every slave.
attributes() {
  grep -o '"attributes": *{[^}]*}' | grep -o "\"$1\": *\"[^\"]*\""
}

positive() {
  http_get "$HTTP_PORT" /vars | grep -q "^$1 [1-9]"
}

says() {
  local words="$1"
  shift
  "$@" | grep -qF "$words"
}

zookeeper_answers() {
  (exec 3<>"/dev/tcp/${1%:*}/${1##*:}" && printf ruok >&3 && [[ "$(head -c 4 <&3)" == imok ]])
}

main
