#!/usr/bin/env bash
# Unpacks Aurora's source into AURORA_HOME, lets the cluster's user write there, and builds the scheduler.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_java.sh"
source "$here/lib_gradle.sh"
source "$here/lib_thrift.sh"

home="$ROOT${AURORA_HOME:?folder for the source tree}"
archive="$ROOT${AURORA_SOURCE:?path of the source archive}"
gradle_version="${GRADLE_VERSION:?version that this Aurora builds with}"
jdk="${JDK_RELEASE:?release of the JDK that this Aurora is built by}"
gradle_task="${GRADLE_TASK:?installApp, or installDist}"
gradle_archive="${GRADLE_ARCHIVE:-}"
maven_archive="${MAVEN_ARCHIVE:-}"
group="$(id -gn)"
gradle_options=()
umask 002

main() {
  JAVA_HOME="$(find_jdk "$jdk")"
  export JAVA_HOME
  unpack_source
  write_environment
  prepare_thrift
  prepare_repository
  build_scheduler
  report_changes
}

# The digest beside the source says what is unpacked. The tree before is kept once, for a scheduler that still runs from it.
unpack_source() {
  local digest
  digest="$(sha256 "$archive")"
  [[ -f "$home/.source-sha256" && "$(<"$home/.source-sha256")" == "$digest" ]] && return
  as_root rm -rf "$home.new"
  as_root mkdir -p "$home.new"
  as_root tar -xzf "$archive" -C "$home.new" --strip-components=1 --no-same-owner
  printf '%s\n' "$digest" | as_root tee "$home.new/.source-sha256" >/dev/null
  share "$home.new"
  as_root rm -rf "$home.previous"
  [[ ! -e "$home" ]] || as_root mv "$home" "$home.previous"
  as_root mv "$home.new" "$home"
  changed "$AURORA_HOME unpacked from $(basename "$archive")"
}

# New files keep the group, so that whoever of the group builds next may write them.
share() {
  as_root chgrp -R "$group" "$1"
  as_root chmod -R g+rwX "$1"
  as_root find "$1" -type d -exec chmod g+s {} +
}

write_environment() {
  install_content "$ROOT/etc/profile.d/aurora.sh" 0644 < <(
    printf "export JAVA_HOME='%s'\nexport AURORA_HOME='%s'\n" "$JAVA_HOME" "$home"
  )
}

# Where its source was brought, for a host that cannot download it.
prepare_thrift() {
  local source
  for source in "$(dirname "$archive")"/thrift-*.tar.gz; do
    [[ ! -f "$source" ]] || build_thrift "$source" "$home"
  done
}

# Where an archive of a Maven repository was brought, Gradle takes all from it and asks no other.
prepare_repository() {
  local user_home="$home/build-support/gradle-offline"
  [[ -n "$maven_archive" ]] || return 0
  give_repository "$ROOT$maven_archive" "$user_home"
  gradle_options=(--offline --gradle-user-home "$user_home")
}

build_scheduler() {
  local app="$home/dist/install/aurora-scheduler" before gradle
  before="$(tree_sha256 "$app")"
  gradle="$(find_gradle "$gradle_version" "$gradle_archive")"
  (cd "$home" && GRADLE_OPTS='-Dhttps.protocols=TLSv1.2' "$gradle" ${gradle_options[@]+"${gradle_options[@]}"} "$gradle_task")
  [[ -x "$app/bin/aurora-scheduler" ]] || fail "gradle $gradle_task ended well but made no ${app#"$ROOT"}/bin/aurora-scheduler."
  [[ "$(tree_sha256 "$app")" == "$before" ]] || changed 'scheduler built'
}

main
