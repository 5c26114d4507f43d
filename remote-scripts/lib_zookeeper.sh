# shellcheck shell=bash
# Sourced by what asks ZooKeeper in its own words, which have four letters.

# ask_zookeeper WORD ENDPOINT: prints the answer.
ask_zookeeper() {
  local line
  (
    exec 3<>"/dev/tcp/${2%:*}/${2##*:}" || exit 1
    printf '%s' "$1" >&3
    while IFS= read -r -t 5 line <&3 || [[ -n "$line" ]]; do printf '%s\n' "$line"; done
  ) 2>/dev/null
}

# ephemeral_nodes ENDPOINT...: nodes that live as long as who made them, as the first server says that tells.
ephemeral_nodes() {
  local endpoint answer
  for endpoint in "$@"; do
    answer="$(ask_zookeeper dump "$endpoint")" || continue
    [[ "$answer" != *[Ee]phemeral* ]] || { printf '%s\n' "$answer"; return; }
  done
  return 1
}
