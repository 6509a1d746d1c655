"""`python -m tests.chaos.mail`: kill the sender at every crash point, under a faulty mail server.

It runs once per policy for mail in doubt, and once with a naive sender for comparison. The server
refuses, hangs, drops and replies late. Mails are counted there by Message-ID; exit 1 if a guarantee
is broken.
"""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.mail_storm import POLICIES, run_policy
from tests.chaos.report import Report


def main() -> int:
    """Run all policies, two at a time; return the exit code."""
    parser = argparse.ArgumentParser(description="Kill the sender everywhere; count the mails.")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=600, help="for each policy, at most")
    parser.add_argument("--record", type=Path)
    options = parser.parse_args()
    output = Report("chaos-mail")
    share = {"mails": options.mails // len(POLICIES), "kills": -(-options.kills // len(POLICIES))}
    output.line(f"chaos-mail: seed {options.seed}, {options.mails} mails, {options.kills} kills")
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(run_policy, policy, **share, seed=options.seed, seconds=options.seconds)
                for policy in POLICIES]  # fmt: skip
        results = [job.result() for job in jobs]
    violations = [f"{one.policy}: {text}" for one in results for text in one.violations]
    for result in results:
        kills = ", ".join(f"{place.partition('.')[2]} {count}" for place, count in
                          sorted(result.kills.items()))  # fmt: skip
        output.line(
            f"\n{result.policy}: {result.kills.total()} kills ({kills}), {result.seconds:.0f} s"
        )
        for what, number in result.numbers.items():
            output.line(f"  {what:<40}{number:>6}")
    for violation in violations:
        output.line(f"  VIOLATION {violation}")
    output.line(
        "chaos-mail: " + ("FAILED" if violations else "every doubt listed, no promise broken")
    )
    if options.record:
        output.record(options.record)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
