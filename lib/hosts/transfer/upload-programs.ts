import { digest, putInPlace, rightsFor, signatures, space } from '../remote/shell-parts.ts'
import { keptMinutes } from '../remote/state-folder.ts'

/** Programs of POSIX sh that get a list of files on stdin: digest, size and mode, and the name, a line each. */

/**
 * Answers for each file with a line: `placed`, `stored`, `partial SIZE`, or what else is in its place; then with the
 * space for the store, and for the target where there is one. Content that a receipt knows under another path is stored.
 */
export const planProgram = `${digest}${space}
root=$1 state=$2 target=$3
store=$state/store
umask 077
standing() {
  file=$target/$name
  if [ -z "$target" ]; then in_store
  elif [ -L "$file" ]; then echo link
  elif [ -d "$file" ]; then echo folder
  elif [ -f "$file" ]; then if same "$file" && same_mode; then echo placed; else in_store; fi
  elif [ -e "$file" ]; then echo 'special file'
  else in_store
  fi
}
same() { [ "$(($(wc -c <"$1")))" -eq "$size" ] && [ "$(digest <"$1")" = "$digest" ]; }
same_mode() {
  case $mode in 600) look=-rw------- ;; 644) look=-rw-r--r-- ;; 700) look=-rwx------ ;; 755) look=-rwxr-xr-x ;; esac
  [ "$(ls -ld "$file" | cut -c 1-10)" = $look ]
}
in_store() {
  part=$store/$digest.part
  if [ -f "$store/$digest" ] || taken_over; then echo stored
  elif [ ! -f "$part" ]; then echo partial 0
  else
    there=$(($(wc -c <"$part")))
    if [ $there -gt "$size" ]; then rm -f "$part"; there=0; fi
    echo partial $there
  fi
}
taken_over() {
  known=$(grep -ls "$digest" "$state"/receipts/* | while IFS= read -r receipt; do tail -n +4 "$receipt"; done |
    while IFS= read -r path; do
      [ -f "$root/$path" ] && [ ! -L "$root/$path" ] && same "$root/$path" && echo "$path" && break
    done)
  [ -n "$known" ] && cp "$root/$known" "$store/$digest.copy" && mv -f "$store/$digest.copy" "$store/$digest"
}
while read -r digest size mode && IFS= read -r name; do
  standing 2>/dev/null
done
space "$store" \${target:+"$target"}
exit 0
`

/** Two gigabytes are kept, the latest used first. */
const keptBytes = 2 * 1024 ** 3

/**
 * Answers for each file with a line: `placed SIGNATURE`, or `damaged DIGEST` for content that is not what was sent, which is
 * removed. What is put in place is a copy, which is verified: so is, with it, what it was copied from. A large file is not
 * copied but linked, once, for then its mode is its own; and it is told what it looks like, as nobody has changed it since
 * it was verified. Copies of the same file that lie beside it since a host died long ago are removed.
 */
export const placeProgram = `${digest}${rightsFor}${putInPlace}${signatures}
store=$1/store target=$2 nonce=$3
as='' temp='' placed=/
trap '[ -z "$temp" ] || $as rm -f "$temp"' EXIT
trap 'exit 143' TERM
if [ -n "$target" ]; then
  rights_for "$target"
  umask 022
  [ -d "$target" ] || $as mkdir -p "$target" || exit
fi
umask 077
place() {
  content=$store/$digest is_linked='' after=''
  if [ -f "$content" ]; then
    has_no_link "$content" || is_linked=yes
  else
    content=$content.part
    [ -f "$content" ] || { echo damaged nothing; return; }
  fi
  copy=$content
  if [ -n "$target" ]; then
    temp=$target/.$name.$nonce copy=$temp
    link_to_store || $as cp "$content" "$copy" || exit
  fi
  # Whatever changes a file within the same tick of the clock leaves it looking the same.
  is_large && { sleep 0.02 2>/dev/null || sleep 1; } && before=$(signature "$copy")
  actual=$(digest_of "$copy")
  if [ "$actual" != "$digest" ]; then
    echo "damaged $actual"
    rm -f "$content"
    [ -z "$temp" ] || $as rm -f "$temp"
    return
  fi
  [ "$content" = "$store/$digest" ] || mv -f "$content" "$store/$digest" || exit
  [ -n "$is_linked" ] || touch "$store/$digest"
  still_ours
  [ -z "$target" ] || { $as chmod "$mode" "$temp" && put_in_place "$temp" "$target/$name"; } || exit
  placed=$placed$name/
  is_large && after=$(signature "$target/$name") && is_unmoved || after=''
  echo "placed $after"
}
has_no_link() { [ -n "$(find "$1" -prune -links 1)" ]; }
is_large() { [ "$size" -gt 1048576 ]; }
is_unmoved() { [ "$(lasting "$before")" = "$(lasting "$after")" ]; }
lasting() {
  set -- "\${1%|*}"
  echo "\${1%|*|*}|\${1##*|}"
}
link_to_store() {
  is_large && [ -z "$as" ] && [ -z "$is_linked" ] && ln "$content" "$copy" 2>/dev/null || return
  is_linked=yes
  touch "$copy"
}
remove_old_copies() {
  $as find "$target/." ! -name . -prune -type f -name '.*.????????????' -mmin +${keptMinutes} 2>/dev/null |
    while IFS= read -r old; do
      copy=\${old##*/.}
      case \${copy##*.} in *[!0123456789abcdef]*) continue ;; esac
      case $placed in */"\${copy%.*}"/*) $as rm -f "$old" ;; esac
    done
}
digest_of() { if [ -z "$as" ]; then digest <"$1"; else $as cat "$1" | digest; fi; }
while read -r digest size mode && IFS= read -r name; do
  place
done
[ -z "$target" ] || remove_old_copies
cd "$store" && ls -lnt | awk 'NF > 2 && $2 == 1 { if (n++ && total + $5 > ${keptBytes}) print $NF; total += $5 }' |
  while read -r old; do rm -f "$old"; done
exit 0
`
