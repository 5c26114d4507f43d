import { digest, putInPlace, rightsFor } from './shell-parts.ts'

/** Programs of POSIX sh that get a list of files on stdin: `digest size x` and the name, a line each. */

/** Answers for each file with a line: `placed`, `stored`, `partial SIZE` or `absent`. */
export const planProgram = `${digest}
store=$1/store target=$2
standing() {
  file=$target/$name
  if [ -f "$file" ] && [ ! -L "$file" ] && [ "$(wc -c <"$file")" -eq "$size" ] && same_mode &&
    [ "$(digest <"$file")" = "$digest" ]; then echo placed
  elif [ -f "$store/$digest" ]; then echo stored
  elif [ -f "$store/$digest.part" ]; then echo partial $(($(wc -c <"$store/$digest.part")))
  else echo absent
  fi
}
same_mode() { if [ -x "$file" ]; then [ "$mode" = x ]; else [ "$mode" = - ]; fi; }
while read -r digest size mode && IFS= read -r name; do
  standing 2>/dev/null
done
`

/** Two gigabytes are kept, the latest used first. */
const keptBytes = 2 * 1024 ** 3

/**
 * Answers for each file with a line: `placed`, or `damaged DIGEST` for content that is not what was sent, which is
 * removed. What is stored is verified as the copy that is put in place.
 */
export const placeProgram = `${digest}${rightsFor}${putInPlace}
store=$1/store target=$2 nonce=$3
umask 022
trap '$as rm -f "$temp"' EXIT
rights_for "$target"
$as mkdir -p "$target" || exit
place() {
  stored=$store/$digest
  temp=$target/.$name.$nonce
  [ -f "$stored" ] || verified "$stored.part" || return
  [ -f "$stored" ] || mv -f "$stored.part" "$stored" || exit
  touch "$stored"
  $as cp "$stored" "$temp" && $as chmod "$([ "$mode" = x ] && echo 755 || echo 644)" "$temp" || exit
  verified "$temp" || { rm -f "$stored"; return; }
  put_in_place "$temp" "$target/$name" || exit
  echo placed
}
verified() {
  actual=$($as cat "$1" | digest)
  [ "$actual" = "$digest" ] && return
  echo "damaged $actual"
  $as rm -f "$1"
  false
}
while read -r digest size mode && IFS= read -r name; do
  place
done
cd "$store" && ls -lnt | awk '{ total += $5; if (total > ${keptBytes}) print $NF }' | while read -r old; do
  rm -f "$old"
done
exit 0
`
