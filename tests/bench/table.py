"""Print the table of a run row by row, and write it into docs/measured.md on request."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.figures import MISSED, Row

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
LIBRARIES = ("flask", "flask-wtf", "sqlalchemy", "psycopg", "marshmallow", "kombu", "gunicorn")
HEAD = ("act", "ours", "floor", "ratio", "goal", "", "reason")


def markdown(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(tuple(row) for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |"
                     for line in lines)  # fmt: skip


def machine() -> str:
    """The machine and the programs of this run."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (f"{os.cpu_count()} cores, {pages / 2**30:.0f} GiB, Python "
            f"{platform.python_version()}; {found}")  # fmt: skip


def summary(rows: list[Row]) -> str:
    """How many of the measured goals were met."""
    judged = [row for row in rows if row.verdict != "–"]
    missed = sum(row.verdict == MISSED for row in judged)
    return f"{len(judged) - missed} of {len(judged)} goals met"


def record(file: Path, rows: list[Row], *, head: str) -> None:
    """Replace the table of the last run in the file."""
    day = datetime.now(UTC).date().isoformat()
    said = f"Written by `make bench`, {day}, {machine()}. {head}"
    block = f"{BEGIN}\n{said}\n\n{markdown(rows)}\n{END}"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if BEGIN not in text:
        text = text.rstrip() + f"\n\n## What it costs\n\n{BEGIN}{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    file.write_text(before + block + after, encoding="utf-8")
