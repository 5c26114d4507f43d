# shellcheck shell=bash
# Sourced after lib_http.sh, lib_json.sh and lib_check.sh by what goes through what must be true of the Mesos master of this host.

check_mesos() {
  local state stats name
  state="$(mesos_get /master/state.json | leaves)" || state=''
  stats="$(mesos_get /master/stats.json | leaves)" || stats=''
  check 'the Mesos master answers' 'Start it: sudo service mesos-master start.' [ -n "$state" ]
  check 'it is healthy' 'See the end of its log.' mesos_get /master/health
  [[ -n "$state" ]] || return 0
  check "it is Mesos $MESOS_VERSION" 'Install that version, or say in the cluster file which it is.' \
    [ "$(leaf version <<<"$state")" = "$MESOS_VERSION" ]
  check 'it leads' 'Deploy to the master that leads.' leads "$state" "$stats"
  check "it has $SLAVES slaves" 'Start mesos-slave where it does not run; all must name the same ZooKeeper.' \
    [ "$(leaf activated_slaves <<<"$stats")" = "$SLAVES" ]
  for name in $NEEDED_ATTRIBUTES; do
    check "every slave has the attribute $name" 'Run start: it says on which slave it is missing, and what to do.' \
      [ "$(attributes "$name" <<<"$state" | wc -l)" -eq "$(grep -c '^slaves\.[0-9]*\.id ' <<<"$state")" ]
  done
  check 'no two slaves have the same attribute host' 'Give each its own: Aurora takes two with the same for one.' \
    [ -z "$(attributes host <<<"$state" | sort | uniq -d)" ]
  check 'Aurora is registered with it' 'Run start.' knows_aurora "$state"
}

# It is elected, and whom it names as leader is itself.
leads() {
  [[ "$(leaf elected <<<"$2")" == 1 && "$(leaf leader <<<"$1")" == "$(leaf pid <<<"$1")" ]]
}

# One that failed over is there as well, inactive, until it is given up.
knows_aurora() {
  local number
  while read -r number; do
    [[ "$(leaf "frameworks.$number.active" <<<"$1")" != true ]] || return 0
  done < <(grep -E '^frameworks\.[0-9]+\.name (TwitterScheduler|Aurora)$' <<<"$1" | cut -d . -f 2)
  return 1
}

mesos_get() {
  http_get "$(cat "$ROOT/etc/mesos-master/port" 2>/dev/null || echo 5050)" "$1" \
    "$(cat "$ROOT/etc/mesos-master/ip" 2>/dev/null || echo 127.0.0.1)"
}

# attributes NAME: that attribute of every slave.
attributes() {
  sed -n "s/^slaves\.[0-9]*\.attributes\.$1 //p"
}
