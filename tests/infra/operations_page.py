"""What docs/operations.md has an operator type, read out of the page in its order.

A block is fenced as `sh` (commands) or `ini` (settings), with marks after that word. A command in
a sentence or a table counts too: every code span that begins with one of PROGRAMS.
"""

import re
from typing import NamedTuple

from infra.processes import ROOT
from shared.settings import SETTINGS

PAGE = ROOT / "docs" / "operations.md"
LANGUAGES = ("sh", "ini")
MARKS = {
    "each": "begins every shell",
    "foreground": "each line is a process that stays",
    "stopped": "while no process of the suite runs",
    "embedded": "for SQLite and the embedded queue alone",
    "servers": "for PostgreSQL and RabbitMQ alone",
    "untested": "nothing here can run it; the page says so, and the test lists it",
}
PROGRAMS = ("flask", "gunicorn", "curl", "psql", "rabbitmqctl", "sqlite3", "infra/environment.sh")
GROUPS = ("announce", "cases", "catalogue", "check", "db", "events", "inventory", "mail", "person",
          "post", "profile", "restored", "staff", "topology")  # fmt: skip
NOT_OURS = {"MALLOC_ARENA_MAX"}  # in the settings file, for the C library

_BLOCK = re.compile(r"^```(?P<words>[^\n`]*)\n(?P<text>.*?)^```$", re.M | re.S)
_SPAN = re.compile(r"`(?P<span>[^`\n]+)`")
_SETTING = re.compile(r"\b(?:OVERTURE|INTAKE|REVIEW|NOTIFY)_(?P<name>[A-Z_]+)\b")


class Step(NamedTuple):
    """One code block, or one command in a sentence, with its line number."""

    line: int
    language: str
    marks: frozenset[str]
    text: str

    def is_for(self, mode: str) -> bool:
        """Whether it applies to this mode (embedded, servers)."""
        other = {"embedded": "servers", "servers": "embedded"}[mode]
        return other not in self.marks and "untested" not in self.marks


def steps(page: str) -> list[Step]:
    """All commands. Raises ValueError for a block without the labels needed to run it."""
    results = []
    for block in _BLOCK.finditer(page):
        line = _line(page, block.start())
        language, *marks = block["words"].split() or [""]
        if language not in LANGUAGES or not MARKS.keys() >= set(marks):
            raise ValueError(f"line {line}: no such block: {block['words']!r}")
        results.append(Step(line, language, frozenset(marks), block["text"]))
    for line, span in _spans(page):
        if span.split()[0] in PROGRAMS:
            results.append(Step(line, "sh", frozenset(), span + "\n"))
    return sorted(results, key=lambda step: step.line)


def unknown_settings(page: str) -> set[str]:
    """Settings on the page that do not exist in the code."""
    named = {found.group(): found["name"] for found in _SETTING.finditer(page)}
    unknown = {name for name, short in named.items() if short not in {*SETTINGS, "X"}}
    return unknown | (set(_assigned(page)) - set(named) - NOT_OURS)


def halves(page: str) -> list[str]:
    """Commands that the page abbreviates, so that nobody can run them as written."""
    return [span for _, span in _spans(page) if span.split()[0] in GROUPS and " " in span]


def _assigned(page: str) -> list[str]:
    blocks = [step.text for step in steps(page) if step.language == "ini"]
    lines = [line for text in blocks for line in text.splitlines()]
    return [found[1] for line in lines if (found := re.match(r"([A-Z_]+)=", line))]


def _spans(page: str) -> list[tuple[int, str]]:
    """The code spans outside blocks, with their line numbers."""
    bare = _BLOCK.sub(lambda block: "\n" * block.group().count("\n"), page)
    return [(_line(bare, span.start()), span["span"]) for span in _SPAN.finditer(bare)]


def _line(page: str, place: int) -> int:
    return page.count("\n", 0, place) + 1
