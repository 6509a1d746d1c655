"""`python -m tests.restore_drill`: restore each service alone and all three, in both modes."""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.chaos import rig as rigs
from tests.chaos.report import Report
from tests.restore_drill import counting, drill
from tests.servers import Missing

ROUNDS = [["review"], ["intake"], ["notify"], ["intake", "review", "notify"]]


def main() -> int:
    """Run the drill in each requested mode; return the exit code."""
    parser = argparse.ArgumentParser(description="Restore under load; count what is there.")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--mode", choices=["embedded", "production"], help="only this one")
    parser.add_argument("--record", type=Path, help="write the table into this file too")
    options = parser.parse_args()
    output = Report("restore-drill")
    output.line(f"restore-drill: seed {options.seed}")
    violations = 0
    for mode in [options.mode] if options.mode else ["embedded", "production"]:
        try:
            violations += run_mode(mode, ROUNDS, output, seed=options.seed)
        except Missing as missing:
            print(missing)
            return 1
    failed = f"FAILED, {violations} violations"
    output.line(f"restore-drill: {failed if violations else 'nothing lost that anybody held'}")
    if options.record and not violations:
        output.record(options.record)
    return 1 if violations else 0


def run_mode(mode: str, rounds: list[list[str]], output: Report, *, seed: int) -> int:
    """Play these rounds one after another on one suite; return the number of violations."""
    violations = 0
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="overture-drill-"))
        rig = stack.enter_context(rigs.started(mode, Path(folder)))
        for number, restored in enumerate(rounds):
            start = time.monotonic()
            counted = counting.take(rig, drill.play(rig, restored, seed=seed + number))
            names = " and ".join(restored) if len(restored) < 3 else "all three"
            output.line(f"\n{mode}, {names} put back, {time.monotonic() - start:.0f} s")
            for what, number_of in counted.numbers.items():
                output.line(f"  {what:<48}{number_of:>6}")
            for violation in counted.violations[:20]:
                output.line(f"  VIOLATION {violation}")
            violations += len(counted.violations)
    return violations


if __name__ == "__main__":
    sys.exit(main())
