import { runningJobs } from '../jobs/job-programs.ts'
import { leftovers, section, tellPlatform } from '../remote/shell-parts.ts'
import { maySudo } from '../remote/sudo.ts'
import { tellKeeper } from './keeper.ts'

/** Minutes after which nobody works any more with what looks half-made. */
const stale = 60

/** A program of POSIX sh that prints what there is to know of a host, and changes nothing. Its last arguments are tools. */
export const examineProgram = `${section}${tellPlatform}${runningJobs}${leftovers}${maySudo}${tellKeeper}
root=$1 boundary=$2 state=$3
shift 3
section clock
date +%s
tell_platform
section jobs
running_jobs "$state/jobs"

nearest() {
  folder=$1
  while [ ! -d "$folder" ]; do
    folder=\${folder%/*}
    folder=\${folder:-/}
  done
}
section user
id -un
tell_keeper
section rights
nearest "$state"
if [ "$(id -u)" = 0 ]; then echo root
elif may_sudo; then case $sudo in *-A) echo password ;; *) echo sudo ;; esac
elif [ -w "$folder" ]; then echo own
else echo none
fi </dev/null

section disks
for place in "$state" "$root/tmp"; do
  nearest "$place"
  free=$(df -Pk "$folder" 2>/dev/null | awk 'END { print $4 }')
  files=$(df -Pi "$folder" 2>/dev/null | awk 'END { print ($2 > 0 ? $4 : "-") }')
  echo "\${free:--} \${files:--} $place"
done

section missing
has_one_of() {
  for name; do
    command -v "$name" >/dev/null && return
  done
  return 1
}
for tool; do
  IFS='|'
  set -f
  has_one_of $tool || printf '%s\\n' "$tool"
done

section leftovers
unset IFS
set +f
cd "$state" 2>/dev/null || exit 0
leftovers ${stale} | while IFS= read -r path; do
  du -sk "$path"
done 2>/dev/null
exit 0
`
