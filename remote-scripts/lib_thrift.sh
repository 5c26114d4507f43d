# shellcheck shell=bash
# Sourced after lib.sh by what builds with Thrift's compiler where the host reaches no network.

# build_thrift ARCHIVE HOME: makes the compiler from its source at the place where Aurora's build looks for one, before it
# would download it.
build_thrift() {
  local name folder
  name="$(basename "$1" .tar.gz)"
  folder="$2/build-support/thrift/$name"
  [[ ! -x "$folder/compiler/cpp/thrift" ]] || return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  tar -xzf "$1" -C "$folder" --strip-components=1
  # No library of it is needed, whichever languages are known to this host.
  (cd "$folder" && ./configure --disable-libs --without-tests --without-{cpp,qt4,c_glib,csharp,java,erlang,python,perl,php} \
    --without-{php_extension,ruby,haskell,go,d} && make -j "$(getconf _NPROCESSORS_ONLN)")
  [[ -x "$folder/compiler/cpp/thrift" ]] || fail "$name was built without an error, and there is no compiler/cpp/thrift in it."
  changed "compiler of $name built"
}

# give_thrift_to_pants HOME: pants looks below the home of whoever builds, and would download its own; that one's version
# is Twitter's, and the newer compiler does for it.
give_thrift_to_pants() {
  local compiler version place
  for compiler in "$1"/build-support/thrift/thrift-*/compiler/cpp/thrift; do
    version="$(sed -n '/^\[thrift-gen\]/,/^\[[^t]/s/^version: *//p' "$1/pants.ini")"
    [[ -x "$compiler" && -n "$version" ]] || return 0
    place="$HOME/.pants.d/bin/thrift/linux/$(uname -m)/$version"
    ! cmp -s "$compiler" "$place/thrift" || return 0
    mkdir -p "$place"
    cp "$compiler" "$place/thrift"
    chmod 0755 "$place/thrift"
    changed "thrift $version given to pants"
  done
}
