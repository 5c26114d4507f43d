# shellcheck shell=bash
# Sourced after lib.sh by what runs or builds Java programs.

# find_java_home RELEASE: the first Java of the release that built what is to run, else the first that is not older.
find_java_home() {
  local home release other=''
  while IFS= read -r home; do
    [[ -x "$home/bin/java" ]] || continue
    release="$(release_of "$home/bin/java")"
    [[ "$release" != "$1" ]] || { printf '%s\n' "$home"; return; }
    [[ -n "$other" ]] || ((${release:-$1} < $1)) || other="$home"
  done < <(java_homes)
  [[ -n "$other" ]] || fail "There is no Java $1: neither ${JAVA_HOME:-JAVA_HOME} nor java on the PATH nor any in the usual place." \
    'Install one, or set aurora.javaHome in the cluster file.'
  printf '%s\n' "$other"
}

# find_jdk RELEASE: the first JDK of that very release. A later one takes more for an error, an earlier one is not enough.
find_jdk() {
  local home release found=()
  while IFS= read -r home; do
    release="$(jdk_release "$home")"
    [[ "$release" != "$1" ]] || { printf '%s\n' "$home"; return; }
    [[ -z "$release" ]] || found+=("$release in ${home#"$ROOT"}")
  done < <(java_homes)
  fail "This Aurora is built by a JDK $1, and there is none: ${found[*]:-no JDK at all}." \
    "Install one (openjdk-$1-jdk, where there is that package), or set aurora.javaHome in the cluster file."
}

java_homes() {
  local java
  printf '%s\n' "$ROOT${JAVA_HOME:-/none}" "$ROOT"/usr/lib/jvm/*
  ! java="$(command -v java)" || dirname "$(dirname "$(readlink -f "$java")")"
}

# jdk_release HOME: nothing for a JRE.
jdk_release() {
  [[ ! -x "$1/bin/javac" ]] || release_of "$1/bin/javac"
}

# release_of PROGRAM: 7 for what calls itself 1.7.0_80, 11 for 11.0.2.
release_of() {
  { "$1" -version 2>&1 || true; } | sed -n -e 's/^javac //p' -e 's/.* version "//p' | sed -n '1s/^\(1\.\)\{0,1\}\([0-9]*\).*/\2/p'
}
