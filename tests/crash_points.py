"""Crash points: runs a process of the suite that SIGKILL can end at a named place.

`python -m tests.crash_points NAME FOLDER MODULE ARGUMENTS…` runs the module as `python -m` would
and listens to the places that the product names. While FOLDER/armed/PLACE exists, the first process
to reach PLACE removes that file and is killed there; otherwise the place does nothing.
"""

import os
import runpy
import signal
import sys
import time
from pathlib import Path

from shared import crash

POINTS = (
    "intake.before_commit",
    "intake.after_commit",
    "relay.after_claim",
    "relay.after_publish",
    "relay.before_mark",
    "consumer.before_commit",
    "consumer.after_commit",
    "consumer.in_ack",
    "sender.after_claim",
    "sender.after_connect",
    "sender.before_mark",
    "sender.after_mark",
    "sender.after_dot",
    "sender.after_reply",
    "sender.before_record",
)


def listen(name: str, folder: Path) -> None:
    """Let the armed places of this folder kill this process and its forks."""
    reached: set[tuple[int, str, int]] = set()

    def at(place: str) -> None:
        mark = (os.getpid(), place, _size(folder / "killed"))
        if mark not in reached:  # noted once after each kill, to measure recovery
            reached.add(mark)
            _note(folder / "reached", name, place)
        try:
            os.rename(folder / "armed" / place, folder / "fired" / f"{place}.{os.getpid()}")
        except FileNotFoundError:
            return
        _note(folder / "killed", name, place)
        os.kill(os.getpid(), signal.SIGKILL)

    crash.listener = at


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _note(file: Path, name: str, place: str) -> None:
    """Append a line in one write, because several processes share the file."""
    line = f"{time.time():.4f}\t{os.getpid()}\t{name}\t{place}\n"
    target = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(target, line.encode())
    os.close(target)


if __name__ == "__main__":
    _, who, where, module, *arguments = sys.argv
    listen(who, Path(where))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
