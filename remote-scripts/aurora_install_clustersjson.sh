#!/usr/bin/env bash
# Installs /etc/aurora/clusters.json, by which the clients find the scheduler.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

: "${CLUSTERS_JSON:?content of clusters.json}"

main() {
  install_content "$ROOT/etc/aurora/clusters.json" 0644 < <(printf '%s\n' "$CLUSTERS_JSON")
  report_changes
}

main
