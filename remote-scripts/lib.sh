# shellcheck shell=bash
# Sourced by the other scripts: where things are, how to act as root, what was changed.
# Kept to what bash 3.2 knows: old hosts have 4.2, macOS (the sandbox) has 3.2.

# Put before every absolute path: empty on a real host (the DESTDIR convention).
ROOT="${ROOT:-}"
export TMPDIR="$ROOT/tmp"
export LC_ALL=C
umask 022

changes=()

# changed TEXT: remembers what was changed, to be said at the end.
changed() {
  changes+=("$1")
}

# Says on the last lines what the script changed.
report_changes() {
  ((${#changes[@]} > 0)) || { printf 'nothing to change\n'; return; }
  printf 'changed: %s\n' "${changes[@]}"
}

# fail LINE...: ends the script; the last lines say what is wrong and what to do.
fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then "$@"; else by_sudo "$@"; fi
}

# by_sudo ARGUMENT...: with the password, where there is one; never waits for it to be typed.
by_sudo() {
  if [[ -n "${SUDO_ASKPASS:-}" ]]; then sudo -A "$@"; else sudo -n "$@"; fi
}

# sha256 FILE, or of standard input without one.
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum ${1+"$1"}; else shasum -a 256 ${1+"$1"}; fi | cut -d ' ' -f 1
}

# Digest of a file that may not be there yet.
sha256_if_any() {
  if [[ -f "$1" ]]; then sha256 "$1"; else printf 'none\n'; fi
}

# Digest of all files in a folder that may not be there yet: their names and their content.
tree_sha256() {
  [[ -d "$1" ]] || { printf 'none\n'; return; }
  (cd "$1" && find . -type f | sort | while IFS= read -r file; do
    printf '%s %s\n' "$(sha256 "$file")" "$file"
  done) | sha256
}

# install_content FILE MODE: makes a file of root's have what standard input says, atomically. Not at the end of a pipe:
# what it changed would be forgotten.
install_content() {
  # Another may be at the same file: on a machine that is master and slave.
  local file="$1" mode="$2" new="$1.new.$$" content
  content="$(cat; printf x)"
  content="${content%x}"
  [[ -f "$file" ]] && [[ "$(cat "$file"; printf x)" == "${content}x" ]] && return
  as_root mkdir -p "$(dirname "$file")"
  printf '%s' "$content" | as_root tee "$new" >/dev/null
  as_root chmod "$mode" "$new"
  as_root mv -f "$new" "$file"
  changed "${file#"$ROOT"} written"
}
