"""`make bare`: run the commands of README on a Debian 12 with only python3, make and git.

It tests what is committed, not uncommitted changes. It needs root, apt-get with Debian's sources,
about 6 GB in the folder for temporary files (TMPDIR), and an hour. It leaves only the logs of the
parts, in var/bare/.
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
    """Run the parts and print the table; return 1 if a part failed, 2 without a machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--part", action="append", choices=PARTS, help="run only this part; may be repeated"
    )
    parser.add_argument("--record", type=Path, help="write the table into this file too")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _check_machine()
        results = _try(options.part or list(PARTS))
    except machine.Unable as unable:
        print(f"make bare: {unable} The logs are in {LOGS.relative_to(ROOT)}/.", file=sys.stderr)
        return 2
    rows = rows_of(results)
    print(f"\n{markdown(rows)}")
    if options.record:
        record(options.record, rows)
    return 0 if all(result.passed for result in results) else 1


def markdown(rows: dict[str, str]) -> str:
    """The rows as a Markdown table, in the order of the parts."""
    head = [_line(*HEAD), _line(*("---" for _ in HEAD))]
    return "\n".join([*head, *(rows[name] for name in PARTS if name in rows)])


def rows_of(results: list[Result]) -> dict[str, str]:
    """The table row of each part."""
    day = datetime.now(UTC).date().isoformat()
    return {result.name: _row(result, day) for result in results}


def record(file: Path, rows: dict[str, str]) -> None:
    """Write the rows into the file; a part that did not run keeps its old row."""
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    written, _, after = rest.partition(END)
    old = {line.split("|")[1].strip(): line for line in written.splitlines() if line[:1] == "|"}
    heading = f"Written by `make bare`, {os.cpu_count()} cores, {platform.machine()}:"
    block = f"{BEGIN}\n{heading}\n\n{markdown(old | rows)}\n{END}"
    file.write_text(before + block + after, encoding="utf-8")


def _row(result: Result, day: str) -> str:
    outcome = ("passed: " if result.passed else "FAILED: ") + result.outcome.replace("|", "/")
    return _line(
        result.name, f"`{result.does}`", result.user, f"{result.seconds:.0f} s", outcome, day
    )


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _check_machine() -> None:
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        raise machine.Unable(f"install {', '.join(missing)} first (Debian).")
    if os.geteuid():
        raise machine.Unable("only root may mount and chroot; run it as root.")


def _try(names: list[str]) -> list[Result]:
    LOGS.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="overture-bare-")))
        bundle = parts.bundle_of_head(folder)
        start = monotonic()
        print("Creating a Debian 12 (a minute or two)...", flush=True)
        with (LOGS / "machine.log").open("wb") as log:
            base = machine.make(folder / "machine", log=log)
        stack.callback(base.remove)
        print(f"created in {monotonic() - start:.0f} s", flush=True)
        return [_run_part(name, base, bundle) for name in names]


def _run_part(name: str, base: machine.Machine, bundle: Path) -> Result:
    log = LOGS / f"{name}.log"
    print(f"{name} is running; its log is {log.relative_to(ROOT)}", flush=True)
    result = parts.run(name, base, bundle=bundle, log=log)
    print(f"{name}: {'passed' if result.passed else 'FAILED'}, {result.outcome}", flush=True)
    if not result.passed:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(f"    {line}" for line in lines[-LAST_LINES:]), flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
