"""Runs a command, its output into a file, and prints what it cost as JSON: meter.py OUTPUT COMMAND…

CPU time and peak memory are those of the command and of every process that it waited for.
"""
import json
import os
import signal
import sys
import time

output, command = sys.argv[1], sys.argv[2:]
file_actions = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
    (os.POSIX_SPAWN_DUP2, 1, 2),
]
began = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ, file_actions=file_actions)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda received, _: os.kill(pid, received))
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - began
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({
    "seconds": seconds,
    "cpu": usage.ru_utime + usage.ru_stime,
    "rss": usage.ru_maxrss * unit,
    "exitCode": os.waitstatus_to_exitcode(status),
}))
