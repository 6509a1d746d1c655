"""Processor time and memory of processes and their descendants, read from /proc.

Processor time is quoted before wall time: on two cores the client, the database and the broker
compete with the measured process.
"""

import os
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def processor(root: int) -> float:
    """Processor seconds of this process and its descendants, ended ones included."""
    return sum(_clock(pid) + _of_ended_children(pid) for pid in tree(root))


def resident(pid: int) -> float:
    """Megabytes of memory of this process."""
    return _rollup(pid, "Rss")


def proportional(root: int) -> float:
    """Megabytes of this process and its descendants; shared memory counts once."""
    return sum(_rollup(pid, "Pss") for pid in tree(root))


def _clock(pid: int) -> float:
    """The processor clock of a process, by the number that clock_getcpuclockid(3) makes of its id:
    stat rounds down to hundredths of a second, which is as much as a request takes."""
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0


def _of_ended_children(pid: int) -> float:
    fields = _fields(pid)
    return sum(map(int, fields[13:15])) / TICK if fields else 0.0


def _fields(pid: int) -> list[str]:
    """The fields of stat after the name, which may contain spaces; none for an ended process."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _rollup(pid: int, name: str) -> float:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024
