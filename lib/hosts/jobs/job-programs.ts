/**
 * Programs of POSIX sh around the folders of jobs, `TASK.KEY.JOB`. In one of them lie `scripts/`, `run`, `env` until it is
 * read, `log`, `pid`, `exit`, and `settled`: no later run takes what it did as done.
 */

import { endGroups, processes } from './process-parts.ts'

/** What follows a task's name in the names of its jobs, as a pattern of sh. */
const anyJob = `.${'?'.repeat(16)}.${'?'.repeat(16)}`

/** `is_running` says whether the job of the present folder is. */
const isRunning = `
is_running() {
  pid='' expected=''
  { read -r pid && read -r expected; } 2>/dev/null <pid && is_alive
}
`

/** Who starts a job writes its `pid` a moment after it appeared. */
const awaitPid = `
await_pid() {
  tries=0
  while [ ! -f pid ] && [ $tries -lt 20 ]; do
    nap 0.1
    tries=$((tries + 1))
  done
}
`

/** `running_jobs FOLDER` prints the folders of the jobs that are at work. */
export const runningJobs = `${processes}${isRunning}
running_jobs() {
  for folder in "$1"/*/; do
    (cd "$folder" && [ -f pid ] && [ ! -f exit ] && is_running && printf '%s\\n' "$folder") 2>/dev/null
  done
}
`

/**
 * Removes what starts that were killed half-way have left, with the secrets in it; of finished jobs, which are kept for
 * people, all but the last twenty, and of settled ones what is too much.
 */
const tidyUp = `
tidy_up() {
  for left in "$1"/.new.* "$1"/.old.*; do
    [ -d "$left" ] || continue
    starter=\${left#"$1"/.???.}
    kill -s 0 "\${starter%%.*}" 2>/dev/null || rm -rf "$left"
  done
  count=0 size=0
  ls -1t "$1"/*/exit 2>/dev/null | sed 's|/exit$||' | tr '\\n' '\\0' | xargs -0 du -sk 2>/dev/null |
    while read -r kilobytes job; do
      count=$((count + 1)) size=$((size + kilobytes))
      if [ $count -gt 20 ] || { [ $size -gt 1048576 ] && [ -f "$job/settled" ]; }; then rm -rf "$job"; fi
    done
}
`

/**
 * Starts the job that comes as a tar file on stdin, and answers with `started`; with `killed` or `rebooted` when the
 * process of an earlier start is gone without a result. `running`: there it is already; `done`: it has ended well, and
 * is not settled. What such a runner left behind is ended first.
 */
export const startProgram = `${processes}${isRunning}${awaitPid}${endGroups}${tidyUp}
jobs=$1 id=$2 root=$3 nonce=$$.$4
shift 4
umask 077
answer=started
if cd "$jobs/$id" 2>/dev/null; then
  await_pid
  if is_running; then
    cat >/dev/null
    echo running
    exit
  fi
  if [ "$(cat exit 2>/dev/null)" = 0 ] && [ ! -f settled ]; then
    cat >/dev/null
    echo 'done'
    exit
  fi
  if [ ! -f exit ]; then
    if is_rebooted; then answer=rebooted; else answer=killed; fi
    is_ours && end_groups "$pid"
  fi
  mv "$jobs/$id" "$jobs/.old.$nonce" && rm -rf "$jobs/.old.$nonce"
fi
mkdir "$jobs/.new.$nonce" && cd "$jobs/.new.$nonce" || exit
trap 'rm -rf "$jobs/.new.$nonce"' EXIT
tar -xof - && [ -f env ] && : >log || exit
still_ours
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
tidy_up "$jobs"
exit 0
`

/**
 * Prints the log from an offset on until the job is over. Then stderr says `exit CODE`, or that its process is gone
 * without one: `killed` or `rebooted`. The end of the log follows, where that is not `exit 0`.
 */
export const followProgram = `${processes}${isRunning}${awaitPid}${endGroups}
cd "$1" || exit
offset=$2
await_pid
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
  if [ $naps -lt 20 ]; then nap 0.05; elif [ $naps -lt 80 ]; then nap 0.2; else nap 0.5; fi
done
if [ "$over" = gone ]; then
  if is_rebooted; then over=rebooted; else over=killed; fi
  is_ours && end_groups "$pid"
fi
echo "$over" >&2
[ "$over" = 'exit 0' ] || tail -n 20 log | tail -c 65536 >&2
exit 0
`

/** Ends all of a task's jobs but for those of one key, and settles them. Prints the names of those that were running. */
export const endProgram = `${processes}${isRunning}${endGroups}
jobs=$1 task=$2 kept=$3
is_kept() { case $1 in "$jobs/$task.$kept".*) ;; *) return 1 ;; esac; }
set --
for job in "$jobs/$task"${anyJob}; do
  if is_kept "$job" || ! cd "$job" 2>/dev/null; then continue; fi
  : >settled
  [ ! -f exit ] || continue
  if is_running; then echo "\${job##*/}"; fi
  if is_ours; then set -- "$@" "$pid"; fi
done
end_groups "$@"
for job in "$jobs/$task"${anyJob}; do
  is_kept "$job" || [ ! -d "$job" ] || [ -f "$job/exit" ] || echo 143 >"$job/exit"
done
exit 0
`

/** Settles the jobs of a task that have ended. */
export const settleProgram = `
for ended in "$1/$2"${anyJob}/exit; do
  [ ! -f "$ended" ] || : >"\${ended%exit}settled"
done
`
