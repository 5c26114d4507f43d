# shellcheck shell=bash
# Sourced after lib.sh by what uses Aurora's client, named by `client`.
# shellcheck disable=SC2154

# aurora SECONDS COMPLAINT ARGUMENT...
aurora() {
  local seconds="$1" complaint="$2" status=0
  shift 2
  printf '> aurora %s\n' "$*"
  within "$seconds" "$client" "$@" || status=$?
  ((status == 0)) || fail "$complaint ($(meaning "$status"))." "$(advice "$status")"
}

# within SECONDS COMMAND...: ends it with status 124 when it takes longer, as timeout(1) does where there is one.
within() {
  local deadline=$((SECONDS + $1)) pid
  shift
  "$@" &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    ((SECONDS < deadline)) || { kill "$pid"; return 124; }
    sleep 0.2
  done
  wait "$pid"
}

# What the client's exit statuses mean.
meaning() {
  case "$1" in
    3) echo 'it calls the job invalid' ;;
    7) echo 'it does not reach the scheduler' ;;
    9 | 124) echo 'it took too long' ;;
    *) echo "the client ended with status $1" ;;
  esac
}

advice() {
  case "$1" in
    7) echo 'See with check-cluster whether the scheduler leads.' ;;
    *) echo "A job that stays PENDING says why on the scheduler's page of $ROLE; one that is LOST, in its sandbox on the slave." ;;
  esac
}
