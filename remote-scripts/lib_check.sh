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

# conclude WHAT: fails when anything was wrong.
conclude() {
  ((problems == 0)) || fail "$1: $problems of the things above are wrong."
  printf '%s: all is as it should be.\n' "$1"
}

# field NAME: what a JSON text on standard input says first of a name: a number, or a string without its quotes.
field() {
  grep -oE "\"$1\": *(\"[^\"]*\"|[^,}]*)" | head -n 1 | sed 's/^[^:]*: *//; s/^"//; s/"$//; s|\\/|/|g'
}
