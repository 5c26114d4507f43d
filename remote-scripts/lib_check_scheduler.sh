# shellcheck shell=bash
# Sourced after lib_service.sh and lib_check_mesos.sh by what goes through what must be true of the scheduler of this host.
# shellcheck disable=SC2154

check_scheduler() {
  local name vars
  check 'the scheduler is kept running' 'Run start.' service_runs scheduler
  check 'it has a replicated log' 'Run start: it initialises the log of a scheduler that is new.' as_root test -e "$log/CURRENT"
  check "it has not ended for $STEADY s" "See the end of ${log_folder#"$ROOT"}/scheduler.log." has_lived
  for name in framework_registered scheduler_lifecycle_ACTIVE; do
    check "it says: $name 1" "See the end of ${log_folder#"$ROOT"}/scheduler.log, then run start." \
      "$here/aurora_health.sh" "$HTTP_PORT" "$name"
  done
  vars="$(http_get "$HTTP_PORT" /vars)" || vars=''
  check 'it gets offers' 'Look in the log of the Mesos master for what it offers to whom.' positive scheduler_resource_offers "$vars"
  check 'it has been offered every slave' "See at its page /slaves, port $HTTP_PORT, which are missing, and in their logs why." knows_slaves
  not_checked 'each of them is offered now' 'one that is used to the full is not.'
  [[ -z "$COLLECTS_GARBAGE" ]] || check_garbage "$vars"
}

# The page is called /agents in later releases.
knows_slaves() {
  local page hostname
  page="$(http_get "$HTTP_PORT" /slaves || http_get "$HTTP_PORT" /agents)" || return 1
  while read -r hostname; do
    grep -qwF "$hostname" <<<"$page" || return 1
  done < <(mesos_get /master/state.json | leaves | sed -n 's/^slaves\.[0-9]*\.hostname //p')
}

# A scheduler that ends again and again begins to count anew each time.
has_lived() {
  local vars deadline=$((SECONDS + STEADY + 1))
  while vars="$(http_get "$HTTP_PORT" /vars)"; do
    (($(variable jvm_uptime_secs "$vars") < STEADY)) || return 0
    ((SECONDS < deadline)) || return 1
    sleep 1
  done
  return 1
}

# Each slave is asked once within -executor_gc_interval, the first time at a random moment of it.
check_garbage() {
  if positive scheduler_gc_tasks_created "$1"; then
    check 'no slave lost what collects garbage' 'See on the slaves why: its sandboxes hold its stderr.' \
      [ "$(variable gc_executor_tasks_lost "$1")" = 0 ]
  else
    not_checked 'slaves collect garbage' 'since the scheduler was started, it has asked none to.'
  fi
}
