"""Runs a command, its output into a file, and prints what it cost as JSON: meter.py OUTPUT COMMAND…

CPU time and peak memory are those of the command, of every process that it waited for, and of those that end with it.
"""
import ctypes
import json
import os
import signal
import sys
import time

# By prctl, from now on what is left behind becomes a child of this one.
SET_CHILD_SUBREAPER = 36


def usage_of_what_ends_with_it():
    until = time.perf_counter() + 0.2
    try:
        while time.perf_counter() < until:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
            if pid:
                yield usage
            else:
                time.sleep(0.005)
    except ChildProcessError:
        pass  # there are no more


output, command = sys.argv[1], sys.argv[2:]
file_actions = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
    (os.POSIX_SPAWN_DUP2, 1, 2),
]
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1)
began = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ, file_actions=file_actions)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda received, _: os.kill(pid, received))
_, status, own = os.wait4(pid, 0)
seconds = time.perf_counter() - began
usages = [own, *usage_of_what_ends_with_it()]
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({
    "seconds": seconds,
    "cpu": sum(usage.ru_utime + usage.ru_stime for usage in usages),
    "rss": max(usage.ru_maxrss for usage in usages) * unit,
    "exitCode": os.waitstatus_to_exitcode(status),
}))
