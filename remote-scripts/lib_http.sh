# shellcheck shell=bash
# Sourced after lib.sh by what asks services of this host over HTTP.

# http_get PORT PATH [ADDRESS]: prints the body of a 200 answer; fails for any other, and when nobody answers in time.
http_get() {
  if command -v curl >/dev/null; then
    curl --silent --fail --noproxy '*' --max-time 5 --globoff "http://${3:-127.0.0.1}:$1$2"
  else
    (http_get_by_bash "$1" "$2" "${3:-127.0.0.1}") 2>/dev/null
  fi
}

http_get_by_bash() {
  local port="$1" path="$2" address="$3" status line
  exec 3<>"/dev/tcp/$address/$port" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$path" >&3
  read -r -t 5 _ status _ <&3 || return 1
  [[ "$status" == 200 ]] || return 1
  while read -r -t 5 line <&3; do
    [[ "$line" != $'\r' ]] || break
  done
  timeout 5 cat <&3
}
