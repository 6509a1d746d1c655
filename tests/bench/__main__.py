"""`python -m tests.bench`: the acts one after another, one table; exits 1 when an act broke.

On a slow machine the last acts are left out, which the table says: half an hour helps nobody.
"""

import argparse
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    act_backlog,
    act_claim,
    act_conversation,
    act_events,
    act_mail,
    act_pages,
    act_processes,
    act_queue,
    act_send,
    act_still,
    table,
)
from tests.bench.figures import Row
from tests.bench.reasons import explained
from tests.bench.rig import SIZES, Rig, rigged
from tests.servers import Missing

Act = Callable[[Rig], list[Row]]
ACTS: dict[str, Act] = {
    "send": act_send.send,
    "api": act_send.api,
    "section": act_pages.section,
    "start": act_pages.start,
    "statements": act_still.statements,
    "weight": act_still.weight,
    "cold": act_processes.cold,
    "demo": act_processes.demo,
    "memory": act_processes.memory,
    "suite": act_processes.suite,
    "consumer": act_events.consumer,
    "relay": act_events.relay,
    "sender": act_mail.sender,
    "claim": act_claim.claim,
    "latency": act_mail.latency,
    "conversation": act_conversation.conversation,
    "queue": act_queue.queue,
    "backlog": act_backlog.backlog,
}
MINUTES = 13.0  # no act starts later, so that the run ends within fifteen


def main() -> int:
    """Run the requested acts; return the exit code. A missed goal is a row, not a failure."""
    chosen = _chosen()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    rows: list[Row] = []
    broken: list[str] = []
    left: list[str] = []
    with tempfile.TemporaryDirectory(prefix="overture-bench-") as folder:
        try:
            with rigged(Path(folder), SIZES[chosen.size]) as rig:
                for name in chosen.only:
                    if time.monotonic() - began > chosen.minutes * 60:
                        left.append(f"{name} (no time left)")
                    else:
                        _run(name, rig, rows, broken)
        except Missing as missing:
            print(missing)
            return 1
    seconds = time.monotonic() - began
    head = f"Size {chosen.size}, {seconds:.0f} s: {table.summary(rows)}."
    if broken or left:
        head += f" Not measured: {', '.join(broken + left)}."
    print(f"\n{table.markdown(rows)}\n\n{head}")
    if chosen.record:
        table.record(chosen.record, rows, head=head)
    return 1 if broken else 0


def _run(name: str, rig: Rig, rows: list[Row], broken: list[str]) -> None:
    """Run one act; report an error and let the other acts run."""
    began = time.monotonic()
    try:
        found = ACTS[name](rig)
    except Missing:
        raise
    except Exception:
        traceback.print_exc()
        broken.append(name)
        return
    found = [explained(row) for row in found]
    rows += found
    for row in found:
        print(" | ".join(cell for cell in row if cell), flush=True)
    print(f"  ({name}: {time.monotonic() - began:.0f} s)", flush=True)


def _chosen() -> argparse.Namespace:
    words = argparse.ArgumentParser(description="What it costs, beside the floor.")
    words.add_argument("--only", default=",".join(ACTS), help=f"of {', '.join(ACTS)}")
    words.add_argument("--size", choices=sorted(SIZES), default="full")
    words.add_argument("--record", type=Path, help="write the table into this file too")
    words.add_argument("--minutes", type=float, default=MINUTES, help="begin no act after that")
    options = words.parse_args()
    options.only = [name for name in options.only.split(",") if name]
    if unknown := [name for name in options.only if name not in ACTS]:
        words.error(f"no such act: {', '.join(unknown)}; there are {', '.join(ACTS)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
