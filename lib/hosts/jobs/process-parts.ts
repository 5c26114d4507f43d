/** Pieces of POSIX sh about processes: a number alone may be another's by now. */

/**
 * `look_at PID` sets `$boot`, `$group`, `$began`, which no two processes share, and `$condition` (Z: dead, though not yet
 * buried). Of `$pid`, which began at `$expected`, `is_alive` says whether it still runs; after it, `is_ours` whether the
 * group of that number is still its own, though it may be gone itself, and `is_rebooted` whether the host has started
 * anew since.
 */
export const processes = `
nap() { sleep "$1" 2>/dev/null || sleep 1; }
look_at() {
  boot='' group='' began='' condition=''
  if [ -r /proc/self/stat ]; then
    read -r boot </proc/sys/kernel/random/boot_id
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    set -- \${stat##*) }
    condition=$1 group=$3
    shift 19
    began=$boot/$1
  else
    began=$(ps -o lstart= -p "$1")
    condition=$(ps -o state= -p "$1")
    group=$(($(ps -o pgid= -p "$1")))
  fi
}
is_alive() {
  look_at "$pid"
  [ "$began" = "$expected" ] || return
  case $condition in Z*) return 1 ;; esac
}
is_ours() {
  [ -n "$pid" ] || return
  [ "$began" = "$expected" ] || { [ -z "$began" ] && [ -n "$boot" ] && ! is_rebooted; }
}
is_rebooted() {
  [ -n "$boot" ] && [ -n "$expected" ] && [ "\${expected%/*}" != "$boot" ]
}
`

/** `end_groups PID…` ends groups of processes: asks first, and after five seconds no longer. */
export const endGroups = `
end_groups() {
  tries=0
  while [ $tries -lt 60 ]; do
    case $tries in 0) by=TERM ;; 50) by=KILL ;; *) by=0 ;; esac
    left=''
    for group; do kill -s $by -- "-$group" 2>/dev/null && left=yes; done
    [ -n "$left" ] || return 0
    nap 0.1
    tries=$((tries + 1))
  done
}
`
