# shellcheck shell=bash
# Sourced by the scripts that build with pants, after lib.sh and lib_thrift.sh. Needs AURORA_HOME.

home="$ROOT${AURORA_HOME:?folder of the source tree}"
umask 002
# pants.ini names `third_party/` relative to the working directory.
cd "$home" || exit
give_thrift_to_pants "$home"

# put_egg FILE: gives pants an egg, in place of any other version of it.
put_egg() {
  local egg="$1" name other
  name="$(basename "$egg")"
  mkdir -p third_party
  for other in third_party/"${name%%-*}"-*.egg; do
    [[ ! -e "$other" || "$other" == "third_party/$name" ]] || rm -rf "$other"
  done
  ! cmp -s "$egg" "third_party/$name" || return 0
  cp "$egg" "third_party/$name.new"
  mv -f "third_party/$name.new" "third_party/$name"
  changed "third_party/$name"
}

# build_pex TARGET: builds a target alone (two of one name cannot be built together) as dist/NAME.pex.
build_pex() {
  local pex="dist/${1##*:}.pex"
  rm -f "$pex"
  ./pants binary "$1"
  [[ -f "$pex" ]] || fail "\`./pants binary $1\` ended well but made no $AURORA_HOME/$pex."
}

# changed_since DIGEST FILE: says that a file changed, if it did.
changed_since() {
  [[ "$(sha256 "$2")" == "$1" ]] || changed "$2"
}
