/** Programs of POSIX sh around a job's folder: `scripts/`, `run`, `env` until it is read, `log`, `pid`, `exit`, `settled`. */

/**
 * `look_at PID` sets `$began`, which no two processes share, and `$condition` (Z: dead, though not yet buried).
 * `is_running` says whether the job of the present folder is. Neither starts a process where there is a /proc.
 */
const processes = `
look_at() {
  began='' condition=''
  if [ -r /proc/self/stat ]; then
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    read -r boot </proc/sys/kernel/random/boot_id
    set -- \${stat##*) }
    condition=$1
    shift 19
    began=$boot/$1
  else
    began=$(ps -o lstart= -p "$1")
    condition=$(ps -o state= -p "$1")
  fi
}
is_running() {
  { read -r pid && read -r expected; } 2>/dev/null <pid || return
  look_at "$pid"
  [ "$began" = "$expected" ] || return
  case $condition in Z*) return 1 ;; esac
}
`

/** Finished jobs that are kept, for people. */
const kept = 20

/**
 * Starts the job that comes as a tar file on stdin, and answers with `started`; with `anew` when the process of an
 * earlier start is gone without a result. `running`: there it is already; `done`: it has ended well since, and nobody
 * has seen it. What such a runner left behind is ended first.
 */
export const startProgram = `${processes}
jobs=$1 id=$2 fresh=$3 root=$4 nonce=$5
shift 5
umask 077
answer=started
if cd "$jobs/$id" 2>/dev/null; then
  tries=0
  while [ ! -f pid ] && [ $tries -lt 20 ]; do
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries + 1))
  done
  if is_running; then
    cat >/dev/null
    echo running
    exit
  fi
  if [ "$(cat exit 2>/dev/null)" = 0 ] && [ ! -f settled ] && [ "$fresh" = no ]; then
    cat >/dev/null
    echo 'done'
    exit
  fi
  if [ ! -f exit ]; then
    answer=anew
    if [ -n "$expected" ] && [ "\${expected%/*}" = "$boot" ] && { [ -z "$began" ] || [ "$began" = "$expected" ]; }
    then kill -s KILL -- "-$pid" 2>/dev/null
    fi
  fi
  mv "$jobs/$id" "$jobs/.old.$nonce" && rm -rf "$jobs/.old.$nonce"
fi
mkdir "$jobs/.new.$nonce" && cd "$jobs/.new.$nonce" || exit
trap 'rm -rf "$jobs/.new.$nonce"' EXIT
tar -xof - && [ -f env ] && : >log || exit
mv -T "$jobs/.new.$nonce" "$jobs/$id" 2>/dev/null ||
  { [ ! -e "$jobs/$id" ] && mv "$jobs/.new.$nonce" "$jobs/$id"; } ||
  { echo running; exit; }
cd "$jobs/$id" || exit
in_own_session() {
  if command -v setsid >/dev/null; then exec setsid "$@"
  else exec perl -MPOSIX -e 'POSIX::setsid(); exec @ARGV' "$@"
  fi
}
in_own_session env -i PATH="$PATH" HOME="$HOME" LANG=C.UTF-8 ROOT="$root" sh ./run "$@" </dev/null >log 2>&1 &
pid=$!
look_at "$pid"
printf '%s\\n%s\\n' "$pid" "$began" >pid.new && mv -f pid.new pid || exit
echo $answer
ls -1t "$jobs"/*/exit 2>/dev/null | tail -n +${kept + 1} | while read -r old; do
  rm -rf "\${old%/exit}"
done
exit 0
`

/**
 * Prints the log from an offset on until the job is over. Then stderr says `exit CODE`, or `gone`; an answer on stdin
 * proves that somebody knows, so that a later run does not take this end for its own.
 */
export const followProgram = `${processes}
cd "$1" || exit
offset=$2
naps=0
over=''
while [ -z "$over" ]; do
  is_running || over=gone
  [ ! -f exit ] || over="exit $(cat exit)"
  size=$(($(wc -c <log)))
  if [ "$size" -gt "$offset" ]; then
    tail -c "+$((offset + 1))" log | head -c "$((size - offset))" || exit
    offset=$size
  fi
  [ -z "$over" ] || break
  naps=$((naps + 1))
  if [ $naps -lt 20 ]; then pause=0.05; elif [ $naps -lt 80 ]; then pause=0.2; else pause=0.5; fi
  sleep $pause 2>/dev/null || sleep 1
done
echo "$over" >&2
read -r answer && [ "$answer" = seen ] && : >settled
exit 0
`

/** Ends all of a job's processes: asks first, and after five seconds no longer. */
export const cancelProgram = `${processes}
cd "$1" 2>/dev/null && is_running || exit 0
kill -s TERM -- "-$pid"
tries=0
while kill -s 0 -- "-$pid" 2>/dev/null && [ $tries -lt 50 ]; do
  sleep 0.1 2>/dev/null || sleep 1
  tries=$((tries + 1))
done
kill -s KILL -- "-$pid" 2>/dev/null
[ -f exit ] || echo 143 >./exit
`
