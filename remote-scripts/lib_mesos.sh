# shellcheck shell=bash
# Sourced after lib_http.sh by what asks the Mesos slave of this host.

mesos_flags="$ROOT/etc/mesos-slave"

# slave_state: what it says of itself, as JSON; fails when it does not answer.
slave_state() {
  slave_get '/slave(1)/state.json'
}

slave_get() {
  http_get "$(mesos_setting port 5051)" "$1" "$(mesos_setting ip 127.0.0.1)"
}

no_slave() {
  fail 'The Mesos slave of this host does not answer.' 'Start it: sudo service mesos-slave start.'
}

# mesos_setting NAME DEFAULT: what the slave was told by its flag files.
mesos_setting() {
  cat "$mesos_flags/$1" 2>/dev/null || printf '%s\n' "$2"
}

# work_dir_in STATE: where the slave keeps the sandboxes of tasks. Mesos escapes slashes.
work_dir_in() {
  printf '%s\n' "$1" | sed -n 's/.*"work_dir": *"\([^"]*\)".*/\1/p' | sed 's|\\/|/|g'
}

# need_attributes NAME...: fails when the slave has not all of these attributes, without which it never gets a task.
need_attributes() {
  local state attributes name missing=()
  (($# > 0)) || return 0
  state="$(slave_state)" || no_slave
  attributes="$(printf '%s\n' "$state" | sed -n 's/.*"attributes": *{\([^}]*\)}.*/\1/p')"
  for name in "$@"; do
    [[ "$attributes" == *"\"$name\":"* ]] || missing+=("$name")
  done
  ((${#missing[@]} == 0)) || fail "This slave has no attribute ${missing[*]}: Aurora would never give it a task." \
    "Write one to each of ${missing[*]/#/${mesos_flags#"$ROOT"}/attributes/}, then stop mesos-slave, remove" \
    "$(work_dir_in "$state")/meta/slaves/latest (its tasks are lost) and start it again." \
    'Or say aurora.flags.enable_legacy_constraints: "false" in the cluster file.'
}
