#!/usr/bin/env bash
# Goes through what must be true on the master of a cluster that works. Changes nothing.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_process.sh"
source "$here/lib_service.sh"
source "$here/lib_http.sh"
source "$here/lib_json.sh"
source "$here/lib_check.sh"
source "$here/lib_check_mesos.sh"
source "$here/lib_check_scheduler.sh"
source "$here/lib_zookeeper.sh"

dist="$ROOT${AURORA_HOME:?folder of the source tree}/dist"
log="$ROOT${AURORA_STATE:?folder of the replicated log and the backups}/db"
: "${CLUSTER:?its name}" "${VERSION:?of Aurora}" "${MESOS_VERSION:?}" "${CLIENT:?}" "${ADMIN:?}" "${ENDPOINTS:?of ZooKeeper}" "${HTTP_PORT:?}"
: "${SERVERSET:?node of ZooKeeper under which the leader is}" "${STEADY:?seconds that the scheduler must have lived}"
: "${SLAVES:?how many there are}" "${NEEDED_ATTRIBUTES?names, or nothing}" "${COLLECTS_GARBAGE?yes, or nothing}"

main() {
  local endpoint
  for endpoint in ${ENDPOINTS//,/ }; do
    check "ZooKeeper answers at $endpoint" 'Start it: nothing works without it.' says imok ask_zookeeper ruok "$endpoint"
  done
  check_mesos
  check_scheduler
  check_leader
  check_clients
  not_checked 'a job runs' 'that takes one: run smoke-test.'
  not_checked 'the scheduler comes back when it ends' 'it would have to be ended.'
  conclude 'The master'
}

check_leader() {
  local what="ZooKeeper knows one scheduler that leads, at $SERVERSET" nodes
  # shellcheck disable=SC2086 # a list
  if nodes="$(ephemeral_nodes ${ENDPOINTS//,/ })"; then
    check "$what" 'See which schedulers run, and stop all others.' [ "$(grep -c "$SERVERSET/member_" <<<"$nodes")" = 1 ]
  else
    not_checked "$what" 'no server of it answers dump, which newer ones must be allowed to (4lw.commands.whitelist).'
  fi
}

check_clients() {
  local url
  check "clients are of Aurora $VERSION" 'Run build-client.' says "$VERSION" "$dist/$CLIENT" --version
  url="$("$dist/$ADMIN" get_scheduler "$CLUSTER" 2>/dev/null | sed -n 's/.*Found leading scheduler at: *//p')" || true
  check 'clients find the scheduler' 'Run build-client, and start.' [ -n "$url" ]
  [[ -z "$url" ]] ||
    check "they reach it there, at $url" 'Say in the cluster file where they do (aurora.address).' reaches "$url"
}

reaches() {
  local place="${1#*://}"
  place="${place%%/*}"
  http_get "${place##*:}" /health "${place%:*}"
}

main
