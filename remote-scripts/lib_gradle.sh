# shellcheck shell=bash
# Sourced after lib.sh by what builds with Gradle.

# find_gradle VERSION [ARCHIVE]: the staged distribution when there is one, else `gradle` on the PATH: the build refuses
# every other version.
find_gradle() {
  local gradle="$ROOT/usr/local/gradle-$1/bin/gradle"
  if [[ -n "${2:-}" && ! -x "$gradle" ]]; then
    as_root unzip -q -o "$ROOT$2" -d "$ROOT/usr/local"
  fi
  [[ -x "$gradle" ]] || gradle="$(command -v gradle || true)"
  if [[ -z "$gradle" ]] || ! "$gradle" --version | grep -x "Gradle $1" >/dev/null; then
    fail "Aurora's build needs Gradle $1, and it is neither in /usr/local/gradle-$1 nor \`gradle\` on the PATH." \
      'Give its archive as aurora.gradle.source and aurora.gradle.sha256 in the cluster file.'
  fi
  printf '%s\n' "$gradle"
}

# give_repository ARCHIVE USER_HOME: makes a user home for Gradle by which it builds from the archived Maven repository alone.
give_repository() {
  local digest
  digest="$(sha256 "$1")"
  if [[ ! -f "$2/.archive-sha256" || "$(<"$2/.archive-sha256")" != "$digest" ]]; then
    rm -rf "$2"
    mkdir -p "$2/repository" "$2/init.d"
    tar -xzf "$1" -C "$2/repository" --no-same-owner
    chmod -R g+rwX "$2"
    require_maven_layout "$2/repository"
    printf '%s\n' "$digest" >"$2/.archive-sha256"
    changed "repository for Gradle unpacked from $(basename "$1")"
  fi
  cp "$(dirname "${BASH_SOURCE[0]}")/offline.gradle" "$2/init.d/"
}

# require_maven_layout FOLDER: the first POM stands for all. In Gradle's own cache each has a folder of its own.
require_maven_layout() {
  local pom folder artefact
  pom="$(cd "$1" && find . -name '*.pom' | sort | sed -n 1p)"
  folder="$(dirname "$pom")"
  artefact="$(basename "$(dirname "$folder")")"
  [[ "$(basename "$pom")" == "$artefact-"*.pom && "$pom" == ./*/*/*/* ]] || fail \
    "The archive of downloads.maven is no Maven repository: the first POM in it is ${pom:-missing}." \
    'At its top must be the first parts of the groups, as in com/example/artefact/1.0/artefact-1.0.pom.'
}
