# shellcheck shell=bash
# Sourced after lib.sh by what goes through a checklist.

problems=0

# check SENTENCE ADVICE COMMAND...: says whether the sentence is true, which the command knows; if not, what to do.
check() {
  local sentence="$1" advice="$2"
  shift 2
  if "$@" >/dev/null 2>&1; then
    printf 'ok     %s\n' "$sentence"
  else
    problems=$((problems + 1))
    printf 'WRONG  %s\n       %s\n' "$sentence" "$advice"
  fi
}

# not_checked WHAT WHY: says of what belongs to the checklist, but could not be looked at, that it was not.
not_checked() {
  printf 'not checked: %s: %s\n' "$1" "$2"
}

# conclude WHAT: fails when anything was wrong.
conclude() {
  ((problems == 0)) || fail "$1: $problems of the things above are wrong."
  printf '%s: all that was checked is as it should be.\n' "$1"
}

# says WORDS COMMAND...
says() {
  local words="$1"
  shift
  # Read to the end: not all programs bear it when nobody does.
  "$@" | grep -F "$words" >/dev/null
}

# variable NAME VARS: the number that a service exports by that name, 0 where there is none.
variable() {
  awk -v name="$1" '$1 == name { found = int($2) } END { print found + 0 }' <<<"$2"
}

# positive NAME VARS
positive() {
  (($(variable "$1" "$2") > 0))
}
