"""`python -m tests.chaos.mail`: the sender killed at every place under a mail server that refuses,
hangs, drops and answers late, once for each policy of doubt, and the usual way beside them.

Counted at the sink, by Message-ID; exits 1 where a promise is broken.
"""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.mail_storm import POLICIES, one
from tests.chaos.report import Report


def main() -> int:
    """All policies, two at a time; the exit code."""
    words = argparse.ArgumentParser(description="Kill the sender everywhere; count the mails.")
    words.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    words.add_argument("--mails", type=int, default=2000)
    words.add_argument("--kills", type=int, default=300)
    words.add_argument("--seconds", type=float, default=600, help="for each policy, at most")
    words.add_argument("--record", type=Path)
    chosen = words.parse_args()
    said = Report("chaos-mail")
    share = {"mails": chosen.mails // len(POLICIES), "kills": -(-chosen.kills // len(POLICIES))}
    said.line(f"chaos-mail: seed {chosen.seed}, {chosen.mails} mails, {chosen.kills} kills")
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(one, policy, **share, seed=chosen.seed, seconds=chosen.seconds)
                for policy in POLICIES]  # fmt: skip
        results = [job.result() for job in jobs]
    violations = [f"{one.policy}: {text}" for one in results for text in one.violations]
    for result in results:
        kills = ", ".join(f"{place.partition('.')[2]} {count}" for place, count in
                          sorted(result.kills.items()))  # fmt: skip
        said.line(
            f"\n{result.policy}: {result.kills.total()} kills ({kills}), {result.seconds:.0f} s"
        )
        for what, number in result.numbers.items():
            said.line(f"  {what:<40}{number:>6}")
    for violation in violations:
        said.line(f"  VIOLATION {violation}")
    said.line(
        "chaos-mail: " + ("FAILED" if violations else "every doubt listed, no promise broken")
    )
    if chosen.record:
        said.record(chosen.record)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
