"""Each promised row has its tests, and these tests exist."""

import ast
from pathlib import Path

import pytest

from tests.notify.promises import HELD_BY

HERE = Path(__file__).parent
ROWS = {f"F{n}" for n in range(33, 39)} | {f"B{n}" for n in (85, 86, *range(88, 96))}


def test_every_row_has_its_tests():
    assert {row.partition(" ")[0] for row in HELD_BY} == ROWS


@pytest.mark.parametrize("row", HELD_BY)
def test_the_tests_of_a_row_exist(row: str):
    for file, name in HELD_BY[row]:
        tree = ast.parse((HERE / file).read_text())
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name
