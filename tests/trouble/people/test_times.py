"""A time names its zone, and holidays that run out are asked for a year ahead."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

from click.testing import Result
from flask import Flask

from shared.tables import now
from tests.apps import on_sqlite
from tests.review.office import signed_in, visit

DATE = re.compile(r"\d{4}-\d\d-\d\d")
ASKED_FOR = "Add the holidays that follow"


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def profile_until(folder: Path, *, days: int) -> Path:
    """The example, whose last holiday is so many days from today."""
    shutil.copytree("profiles/example", folder)
    file = folder / "institution.toml"
    last = (now() + timedelta(days=days)).date()
    head, *blocks = file.read_text(encoding="utf-8").split("[[holidays]]")
    kept = [block for block in blocks if date.fromisoformat(DATE.findall(block)[0]) < last]
    newest = f'\ndate = {last}\nname = "Founders\' Day"\n'
    file.write_text("[[holidays]]".join([head, *kept, newest]), encoding="utf-8")
    return folder


@on_sqlite
def test_holidays_that_end_within_a_year_are_asked_for_where_profiles_are_published(
    apps: dict[str, Flask], tmp_path: Path
):
    soon = run(apps["review"], "profile", "import", profile_until(tmp_path / "soon", days=300))
    assert soon.exit_code == 0
    assert ASKED_FOR in soon.output
    assert ASKED_FOR in visit(signed_in(apps["review"], "admin"), "/operations").text()

    later = run(apps["review"], "profile", "import", profile_until(tmp_path / "later", days=400))
    assert later.exit_code == 0
    assert ASKED_FOR not in later.output
    assert ASKED_FOR not in visit(signed_in(apps["review"], "admin"), "/operations").text()
