# shellcheck shell=bash
# Sourced after lib.sh by what starts and ends processes that outlive it.

# process_mark PID: when a living process started, which tells it from another that got its number later.
process_mark() {
  local state started
  if [[ -d /proc/self ]]; then
    [[ -r "/proc/$1/stat" ]] || return 0
    # After the command's name, which may hold spaces: state is field 3, the start time field 22.
    read -r state _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ started _ < <(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
    [[ "$state" == Z ]] || printf '%s\n' "$started"
  else
    ps -o lstart= -p "$1" | sed 's/ *$//' || true
  fi
}

# as_user USER COMMAND...
as_user() {
  local user="$1"
  shift
  if [[ "$(id -un)" == "$user" ]]; then "$@"; else by_sudo -u "$user" "$@"; fi
}

# detach USER COMMAND...: starts it in a session of its own, where it outlives us and holds none of our descriptors.
detach() {
  local user="$1"
  shift
  # shellcheck disable=SC2016 # for the inner shell; perl where there is no setsid (macOS)
  as_user "$user" bash -c '
    { if command -v setsid >/dev/null; then exec setsid "$@"
      else exec perl -MPOSIX -e "POSIX::setsid(); exec @ARGV" "$@"; fi; } </dev/null >/dev/null 2>&1 9>&- &
  ' detach "$@"
}

# end_group USER PID: first with TERM, then by force.
end_group() {
  local signal
  for signal in TERM KILL; do
    signal_group "$1" "$signal" "$2"
    for _ in {1..100}; do
      group_lives "$2" || return 0
      sleep 0.1
    done
  done
  fail "The processes of group $2 do not end, not even by force, as $1." \
    "See what they are with \`ps -A -o pgid,pid,stat,args\`, end them there, then try again."
}

# group_lives PID: whether a process of the group is left that is more than a zombie.
group_lives() {
  if [[ -d /proc/self ]]; then
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed 's/.*) //'
  else
    ps -A -o state= -o ppid= -o pgid=
  fi | awk -v group="$1" '$3 == group && $1 !~ /^Z/ { found = 1 } END { exit !found }'
}

# signal_group USER SIGNAL PID: a group that is gone by now is no error.
signal_group() {
  # shellcheck disable=SC2016 # for the inner shell
  as_user "$1" bash -c 'kill -s "$1" -- "-$2"' signal "$2" "$3" 2>/dev/null || true
}
