"""The existing offerings, which review owns and intake stores."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from services.intake.models import CatalogueEntry as Shown
from services.review.models import CatalogueEntry
from shared.tables import OutboxRow
from tests.factories import count, rows
from tests.fakes import carry

TWO = """
[[entries]]
title = "Blueprint reading"
unit = "College of Business"
skills = ["Read a floor plan"]

[[entries]]
title = "Welding basics"
unit = "Applied Studies"
"""


def imported(app: Flask, folder: Path, text: str) -> Result:
    file = folder / "catalogue.toml"
    file.write_text(text, encoding="utf-8")
    return app.test_cli_runner().invoke(args=["catalogue", "import", str(file)])


def offerings_in(app: Flask) -> dict[str, tuple[int, str, list[str]]]:
    return {row.title: (row.version, row.state, row.skills) for row in rows(app, Shown)}


def test_what_review_imports_is_what_intake_shows(apps: dict[str, Flask], tmp_path: Path):
    review, intake = apps["review"], apps["intake"]
    assert imported(review, tmp_path, TWO).output == "2 entries changed, 0 retired\n"
    assert imported(review, tmp_path, TWO).output == "0 entries changed, 0 retired\n"
    carry(apps, times=2)
    assert offerings_in(intake) == {
        "Blueprint reading": (1, "offered", ["Read a floor plan"]),
        "Welding basics": (1, "offered", []),
    }

    only_one = TWO.split('[[entries]]\ntitle = "Welding')[0].replace("floor plan", "section")
    assert imported(review, tmp_path, only_one).output == "1 entries changed, 1 retired\n"
    assert imported(review, tmp_path, only_one).output == "0 entries changed, 0 retired\n"
    carry(apps)
    assert offerings_in(intake) == {
        "Blueprint reading": (2, "offered", ["Read a section"]),
        "Welding basics": (2, "retired", []),
    }
    assert imported(review, tmp_path, TWO).output == "2 entries changed, 0 retired\n"
    carry(apps)
    assert {state for _, state, _ in offerings_in(intake).values()} == {"offered"}


@pytest.mark.parametrize(
    "text",
    [
        "entries = 5",
        "entries = [1]",
        "[[entries]]\ntitle = ''\nunit = ''",
        "[[entries]]\ntitle = 'A'\nunit = 'B'\ncolor = 'red'",
        TWO + "\n[[entries]]\nunit = 'no title'",
        "this is = not [toml",
    ],
)
def test_a_list_that_is_not_sound_is_refused_whole(
    apps: dict[str, Flask], tmp_path: Path, text: str
):
    ran = imported(apps["review"], tmp_path, text)
    assert ran.exit_code == 1
    assert "catalogue.toml" in ran.output
    assert count(apps["review"], CatalogueEntry) == count(apps["review"], OutboxRow) == 0
