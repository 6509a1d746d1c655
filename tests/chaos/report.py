"""Print the table of a storm, and write it into docs/measured.md on request."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.storm import Storm, recoveries
from tests.crash_points import POINTS


class Report:
    """Collects lines and prints each at once; `name` is the name of the command."""

    def __init__(self, name: str = "chaos") -> None:
        self.name = name
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        """Print and keep one line."""
        print(text, flush=True)
        self.lines.append(text)

    def mode(self, mode: str, storm: Storm, numbers: dict[str, int], seconds: float) -> None:
        """The table of one mode."""
        kills = storm.kills()
        self.line(f"\n{mode}: {sum(kills.values())} kills at {len(kills)} points, {seconds:.0f} s")
        for point in POINTS:
            self.line(f"  {point:<40}{kills[point]:>6}")
        for note in storm.notes:
            self.line(f"  once: {note}")
        for what, number in numbers.items():
            self.line(f"  {what:<40}{number:>6}")
        found = recoveries(storm.rig)
        if found:
            p95 = found[min(len(found) - 1, int(len(found) * 0.95))]
            half = found[len(found) // 2]
            self.line(f"  {'recovery of one killed process, p50':<40}{half:>6.1f} s")
            seen = f"of {len(found)} seen"
            self.line(f"  {'recovery of one killed process, p95':<40}{p95:>6.1f} s  {seen}")

    def record(self, file: Path) -> None:
        """Replace the lines of the last run in the file."""
        day = datetime.now(UTC).date().isoformat()
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        begin, end = f"<!-- {self.name}: begin -->", f"<!-- {self.name}: end -->"
        block = "\n".join([begin, f"Written by `make {self.name}`, {day}, {machine}:", "", "```"])
        block += "\n" + "\n".join(self.lines).strip() + "\n```\n" + end
        text = file.read_text(encoding="utf-8") if file.exists() else f"{begin}{end}\n"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        file.write_text(before + block + after, encoding="utf-8")
