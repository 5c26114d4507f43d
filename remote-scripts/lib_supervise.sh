# shellcheck shell=bash
# Sourced after lib_service.sh by the loops: keeps one program running, and its log from growing without end.
# shellcheck disable=SC2154 # run_folder and log_folder are set by lib_service.sh

# One that ran so long is no longer taken for one that ends at once.
long_enough=60
longest_pause=60
log_limit=$((50 * 1024 * 1024))

# supervise NAME COMMAND...: is the loop. Starts the command again whatever its exit status, 0 too; after RESTART_PAUSE
# seconds, and twice as many each time that it ends at once.
supervise() {
  local name="$1" pause="${RESTART_PAUSE:?}" started status ends=0
  shift
  ! service_runs "$name" || fail "$name is kept running already."
  exec >>"$log_folder/$name.log" 2>&1
  printf '0\n' >"$run_folder/$name.ends"
  printf '%s %s\n' "$$" "$(process_mark "$$")" >"$run_folder/$name.pid"
  while sleep 30; do rotate_log "$log_folder/$name.log"; done &
  while :; do
    rotate_log "$log_folder/$name.log"
    started=$SECONDS status=0
    "$@" || status=$?
    printf '%s\n' $((ends += 1)) >"$run_folder/$name.ends"
    ((SECONDS - started < long_enough)) || pause="$RESTART_PAUSE"
    printf '%s %s ended with status %s; it starts again in %s s\n' "$(date '+%Y-%m-%dT%H:%M:%S')" "$name" "$status" "$pause"
    sleep "$pause"
    pause=$((pause * 2 < longest_pause ? pause * 2 : longest_pause))
  done
}

# rotate_log FILE: keeps the last five parts of a log. Copied, not renamed: whoever writes goes on in the same file.
rotate_log() {
  local file="$1" part
  (($(wc -c <"$file") > log_limit)) || return 0
  for part in 4 3 2 1; do
    [[ ! -f "$file.$part" ]] || mv -f "$file.$part" "$file.$((part + 1))"
  done
  cp "$file" "$file.1"
  : >"$file"
}
