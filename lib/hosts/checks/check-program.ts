import { runningJobs } from '../jobs/job-programs.ts'
import { hostIdentity, section, signatures, tellPlatform } from '../remote/shell-parts.ts'
import { tellKeeper } from './keeper.ts'

/**
 * A program of POSIX sh that prints what the decisions on a host's tasks need to know of it. Its last arguments are pairs:
 * `receipt TASK`, `file PATH`, `command TEXT`; what each has to say stands in sections with its number.
 */
export const checkProgram = `${section}${signatures}${tellPlatform}${hostIdentity}${runningJobs}${tellKeeper}
root=$1 boundary=$2 state=$3
shift 3

tell_platform
section jobs
running_jobs "$state/jobs"
tell_keeper

identity=$(host_identity)
tell_receipt() {
  [ -r "$1" ] && [ "$(head -n 1 "$1")" = "$identity" ] || return
  section "receipt $number"
  head -n 3 "$1" | tail -n 2
  section "paths $number"
  tail -n +4 "$1" | wc -l
  section "signatures $number"
  (cd "$root/" && tail -n +4 "$1" | signatures)
}
tell_fact() {
  section "fact $number"
  case $1 in
    file) cat -- "$root$2" ;;
    command) ROOT=$root sh -c "$2" ;;
  esac 2>/dev/null </dev/null
  code=$?
  section "exit $number"
  echo $code
}
number=0
while [ $# -gt 1 ]; do
  number=$((number + 1))
  case $1 in
    receipt) tell_receipt "$state/receipts/$2" ;;
    *) tell_fact "$1" "$2" ;;
  esac
  shift 2
done
exit 0
`
