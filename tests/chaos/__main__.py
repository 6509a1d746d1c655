"""`python -m tests.chaos`: both modes, one table; exits 1 when anything was lost or doubled."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.chaos import report
from tests.chaos import rig as rigs
from tests.chaos.client import Crowd
from tests.chaos.count import replayed, still_moving, taken
from tests.chaos.storm import Storm, drained_within
from tests.crash_points import POINTS
from tests.servers import Missing

DRAIN_WITHIN = 600.0  # it ends when nothing moves; a busy machine takes its time


def main() -> int:
    """Run the storm in each mode asked for; return the exit code."""
    words = argparse.ArgumentParser(description="Kill everywhere; count what is left.")
    words.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    words.add_argument("--submissions", type=int, default=300, help="a mode, at least")
    words.add_argument("--kills", type=int, default=5, help="a crash point, at least")
    words.add_argument("--mode", choices=["embedded", "production"], help="only this one")
    words.add_argument("--seconds", type=float, default=600, help="for everything, at most")
    words.add_argument("--record", type=Path, help="write the table into this file too")
    chosen = words.parse_args()
    modes = [chosen.mode] if chosen.mode else ["embedded", "production"]
    said = report.Report()
    said.line(f"chaos: seed {chosen.seed}, at least {chosen.submissions} submissions a mode")
    end = time.monotonic() + chosen.seconds
    violations = 0
    for left, mode in zip(range(len(modes), 0, -1), modes, strict=True):
        seconds = (end - time.monotonic()) / left
        try:
            violations += _one_mode(mode, chosen, said, seconds=seconds)
        except Missing as missing:
            print(missing)
            return 1
    said.line("chaos: nothing lost, nothing doubled" if not violations else "chaos: FAILED")
    if chosen.record:
        said.record(chosen.record)
    return 1 if violations else 0


def _one_mode(mode: str, chosen: argparse.Namespace, said: report.Report, *, seconds: float) -> int:
    began = time.monotonic()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="overture-chaos-"))
        rig = stack.enter_context(rigs.started(mode, Path(folder)))
        crowd = Crowd(rig.url, seed=chosen.seed)
        until = began + 0.8 * seconds  # the rest is for coming to rest
        storm = Storm(rig, crowd, seed=chosen.seed, until=until)
        try:
            storm.blow(submissions=chosen.submissions, kills_a_point=chosen.kills)
        finally:
            crowd.stop()
        again = 0

        def tend() -> None:
            nonlocal again
            rig.running.restart_ended()
            again += replayed(rig)

        left = drained_within(DRAIN_WITHIN, lambda: still_moving(rig), tend)
        if again:
            storm.notes.append(f"{again} events met four kills in a row, were parked, replayed")
        count = taken(rig, crowd.attempts)
        violations = count.violations
        if left:
            violations.append(f"did not come to rest: {left}")
        violations += [f"a proposal was refused: {one}" for one in crowd.refused]
        violations += _short(storm.kills(), len(crowd.acknowledged), chosen)
        said.mode(mode, storm, count.numbers, time.monotonic() - began)
        if violations and (target := os.environ.get("OVERTURE_CHAOS_LOGS")):
            rigs.keep_logs(rig, Path(target) / mode)
    for violation in violations[:20]:
        said.line(f"  VIOLATION {violation}")
    return len(violations)


def _short(kills: Counter[str], acknowledged: int, chosen: argparse.Namespace) -> list[str]:
    """A storm that was too small proves nothing and so is a violation too."""
    found = [
        f"{point} killed {kills[point]} times, wanted {chosen.kills}"
        for point in POINTS
        if kills[point] < chosen.kills
    ]
    if acknowledged < chosen.submissions:
        found.append(f"{acknowledged} acknowledged, wanted {chosen.submissions}")
    return found


if __name__ == "__main__":
    sys.exit(main())
