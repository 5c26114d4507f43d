# shellcheck shell=bash
# Sourced by what reads JSON on hosts that have no program for it.

# leaves: of a JSON text on standard input, a line for each value that holds no others: its path, a space, and the value, a
# string without its quotes. `slaves.0.attributes.host slave-1`
leaves() {
  grep -oE '"([^"\\]|\\.)*"|[][{},:]|[^][{},:"[:space:]]+' | awk '
    function bare(text) {
      gsub(/^"|"$/, "", text)
      gsub(/\\\//, "/", text)
      return text
    }
    function say(value,  path, level) {
      for (level = 1; level <= depth; level++) path = path (level > 1 ? "." : "") at[level]
      print path, bare(value)
    }
    $0 == "{" || $0 == "[" { is_list[++depth] = $0 == "["; at[depth] = 0; is_value = 0; next }
    $0 == "}" || $0 == "]" { depth--; next }
    $0 == ":" { is_value = 1; next }
    $0 == "," { if (is_list[depth]) at[depth]++; is_value = 0; next }
    is_list[depth] || is_value { say($0); next }
    { at[depth] = bare($0) }'
}

# leaf PATH: its value, among leaves on standard input.
leaf() {
  awk -v path="$1 " 'index($0, path) == 1 { print substr($0, length(path) + 1); exit }'
}
