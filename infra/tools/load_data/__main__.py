"""`python -m infra.tools.load_data --cases N`: years of cases for the databases of the settings."""

import argparse
import gc
import sys
import time
from datetime import datetime

from sqlalchemy.orm import Session

from infra.processes import ROOT
from infra.tools.load_data import EXPECTED, filling
from services.intake import create_app as create_intake
from services.review import create_app as create_review
from shared import db, profile
from shared.migrations import chain
from shared.profile import versions
from shared.tables import now


def main() -> int:
    """Bring the databases up to date and fill them; return the exit code."""
    wanted = argparse.ArgumentParser(
        description="Years of cases for the databases of the settings."
    )
    wanted.add_argument("--cases", type=int, default=1000)
    wanted.add_argument("--seed", type=int, default=7, help="the same seed makes the same cases")
    wanted.add_argument("--profile", default="example", help="a folder under profiles/")
    wanted.add_argument("--until", help="the last day, YYYY-MM-DD; today where nothing is said")
    wanted.add_argument("--review-only", action="store_true", help="nothing for intake")
    wanted.add_argument("--add", action="store_true", help="even where cases are already")
    given = wanted.parse_args()
    apps = {"review": create_review()}
    if not given.review_only:
        apps = {"intake": create_intake()} | apps
    for app in apps.values():
        with app.app_context():
            chain.upgrade()
            with db.begin() as session:
                _put(session, given.profile)
    until = datetime.fromisoformat(f"{given.until}T22:00+00:00") if given.until else now()
    gc.disable()  # rows come and go by the hundred thousand, and none of them in a circle
    began = time.monotonic()
    try:
        if not given.add:
            filling.refuse_full(apps)
    except filling.Full as full:
        print(full, file=sys.stderr)
        return 1
    going = filling.fill(
        apps, number=given.cases, seed=given.seed, until=until, names=given.profile
    )
    for there in going:
        if there % 10_000 == 0 or there == given.cases:
            print(f"{there:,} cases, {time.monotonic() - began:.0f} s", flush=True)
    searches = ", ".join(f"{name}: {word!r}" for name, word in EXPECTED.items())
    print(f"Words to search for: {searches}.")
    return 0


def _put(session: Session, name: str) -> None:
    """The profile, where none is in force."""
    try:
        versions.in_force(session)
    except versions.NoProfile:
        versions.put(session, body=profile.read(ROOT / "profiles" / name))


sys.exit(main())
