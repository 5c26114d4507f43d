#!/usr/bin/env bash
# The sandbox's ZooKeeper, in the foreground, where /etc/zookeeper/conf/zoo.cfg says.
set -euo pipefail

[[ ${1:-} == start-foreground ]] || { printf 'usage: zkServer.sh start-foreground\n' >&2; exit 1; }
setting() { sed -n "s/^$1=//p" "${ROOT:-}/etc/zookeeper/conf/zoo.cfg"; }
exec node "${ROOT:-}/usr/local/libexec/mesos/zookeeper.mjs" --ip="$(setting clientPortAddress)" --port="$(setting clientPort)"
