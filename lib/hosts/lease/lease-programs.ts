/**
 * Programs of POSIX sh around the folder `lease/`. The file with the highest number for a name says whose lease it is:
 *
 *     CLOCK SECONDS     when it was taken
 *     TOKEN
 *     RUN
 *     OWNER             a line of JSON
 *
 * Beside it lie `N.beat`, which says when the owner was last heard of, and `N.end`, when the lease was given back. It is
 * taken by linking a file to the next number, which only one can do.
 */

/** Seconds of silence after which an owner counts as dead. */
const patience = 45

/**
 * `tick` sets `$clock` and `$now`. They tell the time since the host was started, where there is a /proc: what else tells
 * the time may be set. `seconds_since FILE` prints how long ago the file says; of what was before the host was started, at
 * least how long. `find_last` sets `$last`, the highest number, or 0.
 */
const looking = `
tick() {
  if { read -r up rest </proc/uptime && read -r clock </proc/sys/kernel/random/boot_id; } 2>/dev/null
  then now=\${up%%.*}
  else clock=wall now=$(date +%s)
  fi
}
seconds_since() {
  its_clock='' moment=0
  { read -r its_clock moment <"$1"; } 2>/dev/null
  [ "$its_clock" = "$clock" ] || moment=0
  echo $((now - moment))
}
find_last() {
  last=0
  for number in *; do
    case $number in *[!0-9]*) continue ;; esac
    [ "$number" -le "$last" ] || last=$number
  done
}
line_of() { sed -n "$2p" "$1" 2>/dev/null; }
is_ours() { [ "$(line_of "$last" 3)" = "$run" ]; }
put() { echo "$clock $now" >".$run.now" && mv -f ".$run.now" "$1"; }
tell() { printf '%s\\n' "$1 $(seconds_since "$last") $(seconds_since "$last.beat") $(line_of "$last" 4)"; }
cd "$1/lease" || exit
run=$2
tick
`

/**
 * Answers with `held AGE SILENCE OWNER`; or with `taken TOKEN FREE`, before which `from AGE SILENCE OWNER` says who died
 * with it. A token is never lower than the host's clock: it rises also where the host was set up anew meanwhile.
 */
export const takeProgram = `${looking}
owner=$3 dead=" $4 $run "
is_dead() {
  case $dead in *" $(line_of "$last" 3) "*) return ;; esac
  [ "$(seconds_since "$last.beat")" -gt ${patience} ]
}
trap 'rm -f ".$run"' EXIT
while :; do
  find_last
  free=0 from=''
  if [ -f "$last.end" ]; then free=$(seconds_since "$last.end")
  elif [ "$last" -gt 0 ] && is_dead; then from=$(tell from)
  elif [ "$last" -gt 0 ]; then
    tell held
    exit
  fi
  token=$(($(line_of "$last" 2) + 1))
  [ "$token" -ge "$(date +%s)" ] || token=$(date +%s)
  next=$((last + 1))
  printf '%s\\n' "$clock $now" "$token" "$run" "$owner" >".$run" && put "$next.beat" || exit
  ln ".$run" "$next" 2>/dev/null && break
  # Somebody else was faster.
  [ -f "$next" ] || exit
done
[ -z "$from" ] || printf '%s\\n' "$from"
echo "taken $token $free"
for file in *; do
  number=\${file%%.*}
  case $number in *[!0-9]*) continue ;; esac
  [ "$number" -ge "$next" ] || rm -f "$file"
done
`

/** Answers with `kept`; or with `lost AGE SILENCE OWNER`, and nothing else where nobody has it. Marks first and looks second. */
export const renewProgram = `${looking}
find_last
is_ours && put "$last.beat" && find_last && is_ours && echo kept && exit
if [ "$last" -gt 0 ]; then tell lost; else echo lost; fi
`

export const releaseProgram = `${looking}
find_last
if is_ours; then put "$last.end"; fi
`
