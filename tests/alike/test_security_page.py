"""docs/security.md names tests that exist, and its summary counts what its table says."""

import ast
import re
from collections import Counter
from typing import NamedTuple

import pytest

from tests.alike.sources import ROOT, tree

PAGE = ROOT / "docs" / "security.md"
STATUSES = ("yes", "partly", "no", "not applicable")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(
    r"^(\d+)\. \*\*([a-z ]+)\*\* \(([\d., to]+)\) (.*?)(?=^\d+\. |^#|\Z)", re.DOTALL | re.MULTILINE
)
SUMMARY = re.compile(r"(\d+) yes, (\d+) partly, (\d+) no, (\d+) not applicable")
WIDTH = 140


class Row(NamedTuple):
    """A requirement: its number, the status, the ids of the standard, what holds and its proof."""

    number: str
    status: str
    ids: str
    said: str


def rows(text: str) -> list[Row]:
    """The rows: each is an item of a numbered list, up to the next item or heading."""
    return [Row(*found.groups()) for found in ROW.finditer(text)]


def missing_tests(text: str) -> list[str]:
    """The tests that the page names and that no file has."""
    return [f"{file}::{name}" for file, name in TEST.findall(text) if name not in names_in(file)]


def names_in(file: str) -> set[str]:
    """The functions of a file of tests; none if there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return set()
    return {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}


def faults(text: str) -> list[str]:
    """What is wrong with the table and its summary, a sentence each."""
    table = rows(text)
    counts = Counter(row.status for row in table)
    said = SUMMARY.search(text)
    found = [f"row {row.number} has the status {row.status}" for row in table
             if row.status not in STATUSES]  # fmt: skip
    if [row.number for row in table] != [str(n) for n in range(1, 51)]:
        found.append("the rows are not 1 to 50")
    if said is None or [int(n) for n in said.groups()] != [counts[name] for name in STATUSES]:
        found.append(f"the summary does not say {dict(counts)}")
    for row in table:
        if row.status == "yes" and not TEST.search(row.said):
            found.append(f"row {row.number} is met and names no test")
        if row.status != "yes" and not re.search(r"^ +(Missing|Not built yet): ", row.said, re.M):
            found.append(f"row {row.number} is not met and gives no reason")
    return found


def test_every_test_that_the_page_names_exists():
    assert missing_tests(PAGE.read_text(encoding="utf-8")) == []


def test_the_table_is_whole_and_its_summary_counts_it():
    assert faults(PAGE.read_text(encoding="utf-8")) == []


def test_no_line_of_the_page_is_wider_than_a_window():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [at for at, line in enumerate(lines, 1) if len(line) > WIDTH] == []


@pytest.mark.parametrize(
    ("written", "mistaken"),
    [
        ("**yes**", "**no**"),
        ("**yes**", "**nearly**"),
        ("\n7. ", "\n70. "),
        ("36 yes", "37 yes"),
        ("test_headers.py::test_every", "test_headers.py::test_any"),
        ("tests/hostile/test_responses.py", "tests/hostile/test_answers.py"),
    ],
)
def test_a_mistake_in_the_page_is_found(written: str, mistaken: str):
    text = PAGE.read_text(encoding="utf-8")
    assert written in text
    wrong = text.replace(written, mistaken, 1)
    assert faults(wrong) or missing_tests(wrong)


def test_a_row_without_its_proof_is_found():
    text = PAGE.read_text(encoding="utf-8")
    for status in STATUSES:
        row = next(row for row in rows(text) if row.status == status)
        found = faults(text.replace(row.said, "It is so.\n", 1))
        assert [fault.partition(" is ")[0] for fault in found] == [f"row {row.number}"]
