#!/usr/bin/env bash
# Starts the scheduler of the miniature Aurora, as Gradle's application plugin would: JAVA_HOME, JAVA_OPTS and
# AURORA_SCHEDULER_OPTS count.
set -e

script=$0
while [[ -L $script ]]; do
  link="$(readlink "$script")"
  if [[ $link == /* ]]; then script=$link; else script="$(dirname "$script")/$link"; fi
done
app_home="$(cd "$(dirname "$script")/.." && pwd)"

java=java
if [[ -n ${JAVA_HOME:-} ]]; then
  java="$JAVA_HOME/bin/java"
  [[ -x $java ]] || { printf 'ERROR: JAVA_HOME is set to an invalid directory: %s\n' "$JAVA_HOME" >&2; exit 1; }
fi

# Both hold several options, parted by spaces.
# shellcheck disable=SC2086
exec "$java" ${JAVA_OPTS:-} ${AURORA_SCHEDULER_OPTS:-} -classpath "$app_home/lib/*" \
  org.apache.aurora.scheduler.app.SchedulerMain "$@"
