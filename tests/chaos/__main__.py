"""`python -m tests.chaos`: run both modes; exit 1 if anything was lost or duplicated."""

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
from tests.chaos.count import replayed, still_moving, take_count
from tests.chaos.storm import Storm, drained_within
from tests.crash_points import POINTS
from tests.servers import Missing

DRAIN_WITHIN = 600.0  # seconds; it ends earlier once nothing moves


def main() -> int:
    """Run the storm in each requested mode; return the exit code."""
    parser = argparse.ArgumentParser(description="Kill everywhere; count what is left.")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--submissions", type=int, default=300, help="a mode, at least")
    parser.add_argument("--kills", type=int, default=5, help="a crash point, at least")
    parser.add_argument("--mode", choices=["embedded", "production"], help="only this one")
    parser.add_argument("--seconds", type=float, default=600, help="for everything, at most")
    parser.add_argument("--record", type=Path, help="write the table into this file too")
    options = parser.parse_args()
    modes = [options.mode] if options.mode else ["embedded", "production"]
    output = report.Report()
    output.line(f"chaos: seed {options.seed}, at least {options.submissions} submissions a mode")
    end = time.monotonic() + options.seconds
    violations = 0
    for left, mode in zip(range(len(modes), 0, -1), modes, strict=True):
        seconds = (end - time.monotonic()) / left
        try:
            violations += _run_mode(mode, options, output, seconds=seconds)
        except Missing as missing:
            print(missing)
            return 1
    output.line("chaos: nothing lost, nothing doubled" if not violations else "chaos: FAILED")
    if options.record:
        output.record(options.record)
    return 1 if violations else 0


def _run_mode(
    mode: str, options: argparse.Namespace, output: report.Report, *, seconds: float
) -> int:
    start = time.monotonic()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="overture-chaos-"))
        rig = stack.enter_context(rigs.started(mode, Path(folder)))
        crowd = Crowd(rig.url, seed=options.seed)
        until = start + 0.8 * seconds  # the rest of the time is for draining
        storm = Storm(rig, crowd, seed=options.seed, until=until)
        try:
            storm.blow(submissions=options.submissions, kills_a_point=options.kills)
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
        count = take_count(rig, crowd.attempts)
        violations = count.violations
        if left:
            violations.append(f"did not come to rest: {left}")
        violations += [f"a proposal was refused: {one}" for one in crowd.refused]
        violations += _short(storm.kills(), len(crowd.acknowledged), options)
        output.mode(mode, storm, count.numbers, time.monotonic() - start)
        if violations and (target := os.environ.get("OVERTURE_CHAOS_LOGS")):
            rigs.keep_logs(rig, Path(target) / mode)
    for violation in violations[:20]:
        output.line(f"  VIOLATION {violation}")
    return len(violations)


def _short(kills: Counter[str], acknowledged: int, options: argparse.Namespace) -> list[str]:
    """Too few kills or submissions prove nothing, so they count as violations."""
    results = [
        f"{point} killed {kills[point]} times, wanted {options.kills}"
        for point in POINTS
        if kills[point] < options.kills
    ]
    if acknowledged < options.submissions:
        results.append(f"{acknowledged} acknowledged, wanted {options.submissions}")
    return results


if __name__ == "__main__":
    sys.exit(main())
