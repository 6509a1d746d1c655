"""`make bare`: a Debian 12 with python3, make and git alone, and the commands of README on it.

It tries what is committed, not what is merely saved. It needs root, apt-get with sources of Debian,
about 6 GB in the folder for temporary files (TMPDIR), and an hour. It leaves nothing behind but the
lines that each part printed, in var/bare/.
"""

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from infra.processes import ROOT
from infra.tools.bare import machine, parts
from infra.tools.bare.parts import PARTS, Result

LOGS = ROOT / "var" / "bare"
NEEDED = ("apt-get", "git", "unshare", "setpriv", "chroot", "mount", "timeout")
BEGIN, END = "<!-- bare: begin -->", "<!-- bare: end -->"
HEAD = ("part", "command", "as", "took", "outcome", "day")
LAST_LINES = 25


def main() -> int:
    """Make the machine, try the parts, print the table; 1: a part failed, 2: no machine."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument(
        "--part", action="append", choices=PARTS, help="only this one; may be repeated"
    )
    words.add_argument("--record", type=Path, help="write the table into this file too")
    chosen = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _check_machine()
        results = _try(chosen.part or list(PARTS))
    except machine.Unable as unable:
        print(f"make bare: {unable} The lines are in {LOGS.relative_to(ROOT)}/.", file=sys.stderr)
        return 2
    rows = rows_of(results)
    print(f"\n{markdown(rows)}")
    if chosen.record:
        record(chosen.record, rows)
    return 0 if all(result.passed for result in results) else 1


def markdown(rows: dict[str, str]) -> str:
    """The rows as a table of Markdown, in the order of the parts."""
    head = [_line(*HEAD), _line(*("---" for _ in HEAD))]
    return "\n".join([*head, *(rows[name] for name in PARTS if name in rows)])


def rows_of(results: list[Result]) -> dict[str, str]:
    """A line of the table for each part."""
    day = datetime.now(UTC).date().isoformat()
    return {one.name: _row(one, day) for one in results}


def record(file: Path, rows: dict[str, str]) -> None:
    """Put the rows into the file; a part that was not tried this time keeps its row."""
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    written, _, after = rest.partition(END)
    old = {line.split("|")[1].strip(): line for line in written.splitlines() if line[:1] == "|"}
    said = f"Written by `make bare`, {os.cpu_count()} cores, {platform.machine()}:"
    block = f"{BEGIN}\n{said}\n\n{markdown(old | rows)}\n{END}"
    file.write_text(before + block + after, encoding="utf-8")


def _row(one: Result, day: str) -> str:
    outcome = ("passed: " if one.passed else "FAILED: ") + one.outcome.replace("|", "/")
    return _line(one.name, f"`{one.does}`", one.user, f"{one.seconds:.0f} s", outcome, day)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _check_machine() -> None:
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        raise machine.Unable(f"it needs a Debian with {', '.join(missing)}.")
    if os.geteuid():
        raise machine.Unable("only root may mount and change the root folder; run it as root.")


def _try(names: list[str]) -> list[Result]:
    LOGS.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="overture-bare-")))
        bundle = parts.bundle_of_head(folder)
        began = monotonic()
        print("Making a Debian 12 (a minute or two) …", flush=True)
        with (LOGS / "machine.log").open("wb") as log:
            base = machine.make(folder / "machine", log=log)
        stack.callback(base.remove)
        print(f"made in {monotonic() - began:.0f} s", flush=True)
        return [_one(name, base, bundle) for name in names]


def _one(name: str, base: machine.Machine, bundle: Path) -> Result:
    log = LOGS / f"{name}.log"
    print(f"{name} runs; its lines are in {log.relative_to(ROOT)} …", flush=True)
    result = parts.run(name, base, bundle=bundle, log=log)
    print(f"{name}: {'passed' if result.passed else 'FAILED'}, {result.outcome}", flush=True)
    if not result.passed:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(f"    {line}" for line in lines[-LAST_LINES:]), flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
